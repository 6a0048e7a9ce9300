import { type MeanInterval } from '../student-t';

/** One method: a row of the table. */
export interface ReproductionRow {
  /** Such as 'distl/T1-student'. */
  readonly key: string;
  readonly title: string;
  readonly group: 'distl' | 'teacher' | 'baseline' | 'ablation' | 'label-noise';
  /** Generation, 0 for T = initial; null for a baseline. */
  readonly stage: number | null;
  /** Share of the labels that was wrong. */
  readonly labelNoise: number;
  /** Training images, by seed. */
  readonly images: readonly number[];
  /** Of the test images, by seed. */
  readonly aucs: readonly number[];
  readonly auc: MeanInterval;
  /** Paired by seed; null for the row itself, and for rows that it says nothing about. */
  readonly minusInitial: MeanInterval | null;
  readonly minusSupervised: MeanInterval | null;
  /** With the unseen class among the negatives; null when there is none. */
  readonly unseen: { readonly aucs: readonly number[]; readonly auc: MeanInterval } | null;
  /** AUC on the validation images by seed; null where none was used. */
  readonly validation: readonly (number | null)[];
  /** What was chosen on the validation images, by seed. */
  readonly choices: readonly (string | null)[];
  /** Seeds whose longest training was the best by validation, so that a longer one may be better still. */
  readonly unconverged: readonly number[];
}

/** Plain JSON; the same for the same data, settings and seeds: no time and no place. */
export interface ReproductionRecord {
  readonly format: 'fedistl.reproduction/1';
  readonly software: string;
  readonly engine: string;
  readonly confidence: number;
  readonly seeds: readonly number[];
  readonly generations: number;
  readonly data: {
    readonly name: string;
    readonly positive: string;
    /** SHA-256 over images, labels and kind of pixels. */
    readonly fingerprint: string;
    readonly pixels: string;
    readonly training: number;
    readonly test: number;
    readonly testPositives: number;
    /** Whether the test set is the data set's own split. */
    readonly testIsOwn: boolean;
    /** Whether the validation images are the data set's own split, the same for every seed, or part of the labelled ones. */
    readonly validationIsOwn: boolean;
    readonly unseenClass: string | null;
    readonly unseen: number;
    /** Images of the first seed. */
    readonly labelled: number;
    readonly validation: number;
    readonly folds: readonly number[];
  };
  /** Plan as it was run. */
  readonly settings: unknown;
  readonly rows: readonly ReproductionRow[];
}
