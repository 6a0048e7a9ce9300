import { type Judgement, type ParsedAnswer } from '@fedistl/protocol';

export interface AucInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface GenerationResult {
  readonly generation: number;
  readonly promoted: boolean;
  readonly candidate: string;
  /** Over the sites; null when no site could measure. */
  readonly pooledAuc: AucInterval | null;
  /** Of the acceptance rule: each site's verdict, and the pooled difference from the teacher; null where people decided. */
  readonly judgement: Judgement | null;
  readonly sites: readonly {
    readonly siteId: string;
    readonly auc: AucInterval | null;
    /** Hold-out images. */
    readonly images: number;
  }[];
  /** Why it was not promoted. */
  readonly reasons: readonly string[];
}

export interface BytesMoved {
  readonly sent: number;
  readonly received: number;
}

/** What `fedistl demo --json` writes. */
export interface DemoReport {
  /** Whether the images are phantoms. */
  readonly synthetic: boolean;
  readonly studyId: string;
  readonly generations: readonly GenerationResult[];
  /** Of the sites' intervals, as they report it: 0.9 where the rule is one-sided at 0.95. */
  readonly confidence: number | null;
  /** From the start of this command; a demo that went on counts from there. */
  readonly seconds: number;
  /** Until the first teacher was promoted; null when that was in an earlier run. */
  readonly secondsToFirstTeacher: number | null;
  readonly bytesMoved: Readonly<Record<string, BytesMoved>>;
  /** The site that was killed in mid-round and came back; null when an earlier run did it. */
  readonly killed: { readonly siteId: string; readonly generation: number; readonly step: number } | null;
  readonly ledger: { readonly verified: boolean; readonly entries: number; readonly checkpoints: number };
  readonly coordinator: string;
}

/** The cross-site matrix as the report has it. */
export function generationResults({ generations }: ParsedAnswer<'studyEvaluations'>): GenerationResult[] {
  return [...generations]
    .sort((a, b) => a.generation - b.generation)
    .map(({ generation, decision, candidateHash, pooledAuc, judgement, reports, reasons }) => ({
      generation,
      promoted: decision === 'promoted',
      candidate: candidateHash,
      pooledAuc,
      judgement,
      sites: reports
        .map(({ report: { siteId, auc, holdOut } }) => ({ siteId, auc, images: holdOut.positives + holdOut.negatives }))
        .sort((a, b) => (a.siteId < b.siteId ? -1 : 1)),
      reasons: reasons.map(({ code, message }) => `${code}: ${message}`),
    }));
}

/** Of the sites' intervals; null before the first report. */
export function reportedConfidence({ generations }: ParsedAnswer<'studyEvaluations'>): number | null {
  const confidence = generations.flatMap(({ reports }) => reports).at(0)?.report.confidence;
  // 2 * 0.95 - 1 has a long tail in binary.
  return confidence === undefined ? null : Number(confidence.toFixed(6));
}
