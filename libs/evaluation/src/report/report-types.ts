import { type AucComparison } from '../delong-test';
import { type ScoreStatistics } from '../score-statistics';
import { type SubgroupTable } from '../subgroups';

/** How images were prepared for a model. */
export interface ReportedPreprocessing {
  /** Kind of pixels, such as '256-u8-squash-clinical'. */
  readonly pixels: string;
  /** Side of the network's input, px. */
  readonly size: number;
  readonly resize: 'parity' | 'fast';
  /** Pixels; 0 for none. */
  readonly blurRadius: number;
  /** Whether the model file says so itself, or the operator did. */
  readonly source: 'model file' | 'operator';
}

export interface ReportedModel {
  readonly name: string;
  /** Of the file. */
  readonly sha256: string;
  readonly parameters: number;
  /** For people, such as "6 blocks of 192, 3 heads, 8 px patches". */
  readonly architecture: string;
  readonly preprocessing: ReportedPreprocessing;
}

export interface ReportedData {
  readonly name: string;
  /** SHA-256 over the images and labels that were used. */
  readonly fingerprint: string;
  readonly split: string;
  /** Class or finding that is label 1. */
  readonly positive: string;
  readonly images: number;
  readonly patients: number;
  readonly positives: number;
  readonly negatives: number;
  /** Images of the split without a label; left out. */
  readonly unlabelled: number;
  /** Images of the whole set that are not used, by reason. */
  readonly quarantined: Readonly<Record<string, number>>;
  /** What each reason means. */
  readonly quarantineMeanings: Readonly<Record<string, string>>;
  /** Patients with images in more than one split, as the source gives them. */
  readonly straddlingPatients: number;
}

/** What every report says of its making. */
export interface ReportOrigin {
  readonly software: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** What computed, such as "onnxruntime-cpu". */
  readonly engine: string;
  /** Of bootstrap and stress. */
  readonly seed: number;
  readonly resamples: number;
  readonly confidence: number;
}

/** One model on one set. Plain JSON; nothing in it names a file or a patient. */
export interface EvaluationRecord {
  readonly format: 'fedistl.evaluation/1';
  readonly origin: ReportOrigin;
  readonly model: ReportedModel;
  readonly data: ReportedData;
  readonly statistics: ScoreStatistics;
  readonly subgroups: {
    /** Of the first operating point. */
    readonly threshold: number;
    /** Groups of fewer cases are suppressed. */
    readonly smallest: number;
    readonly tables: Readonly<Record<string, SubgroupTable>>;
  };
}

/** Paired test of two models, A minus B; numbers are places in the list of models. */
export interface ReportedPair extends AucComparison {
  readonly a: number;
  readonly b: number;
  /** p after Holm's correction over all pairs; null as p. */
  readonly adjustedP: number | null;
}

/** Several models on one set. */
export interface ComparisonRecord {
  readonly format: 'fedistl.comparison/1';
  readonly origin: ReportOrigin;
  readonly data: ReportedData;
  readonly models: readonly (ReportedModel & { readonly statistics: ScoreStatistics })[];
  readonly pairs: readonly ReportedPair[];
}

/** AUC of one model under one nuisance. */
export interface StressCell {
  /** Place in the list of models. */
  readonly model: number;
  readonly kind: string;
  /** 0: the images as they are. */
  readonly grade: number;
  readonly strength: number;
  readonly auc: number;
  readonly lower: number;
  readonly upper: number;
  /** AUC minus that of grade 0, paired DeLong; null at grade 0. */
  readonly change: AucComparison | null;
}

export interface StressRecord {
  readonly format: 'fedistl.stress/1';
  readonly origin: ReportOrigin;
  readonly data: ReportedData;
  readonly models: readonly ReportedModel[];
  readonly kinds: readonly {
    readonly kind: string;
    readonly title: string;
    readonly strength: string;
  }[];
  readonly grades: readonly number[];
  readonly cells: readonly StressCell[];
}
