/** Averages of one epoch. Those of the DINO term are null where it has no weight, as in the supervised stage. */
export interface EpochSummary {
  readonly stage: number;
  readonly epoch: number;
  readonly steps: number;
  readonly loss: number;
  readonly dino: number | null;
  readonly classification: number;
  /** Mean loss of the correction steps; null when there were none. */
  readonly correction: number | null;
  /** Mean of the teacher's probability of the positive class: the mix of classes in its pseudo-labels. */
  readonly pseudoPositive: number | null;
  /** Standard deviation of that probability over the epoch's images. */
  readonly pseudoSpread: number | null;
  /** Mean entropy of the teacher's DINO targets, as a share of the largest, ln K. */
  readonly teacherEntropy: number | null;
  /** What those targets tell of their images, as a share of the most that they could: `information` in step/distl-step.ts. */
  readonly targetInformation: number | null;
  /** Effective rank of the teacher's features in the epoch's last batch: directions in use (monitor/effective-rank.ts). */
  readonly effectiveRank: number | null;
  /** Share of the pseudo-labels that were sure enough to count; null without a filter. */
  readonly retained: number | null;
  /** Euclidean norm of the DINO centre. */
  readonly centreNorm: number | null;
}

/** What one step adds to its epoch. */
export interface StepValues {
  readonly loss: number;
  readonly classification: number;
  readonly dino?: number;
  /** [B] */
  readonly teacherProbabilities?: ArrayLike<number>;
  readonly teacherEntropy?: number;
  readonly targetInformation?: number;
  readonly retained?: number;
}

/** Sums of an epoch so far, as plain JSON: a checkpoint in the middle of an epoch takes them along. */
export interface EpochSums {
  readonly steps: number;
  readonly loss: number;
  readonly dino: number;
  readonly classification: number;
  /** Steps whose DINO term had weight. */
  readonly dinoSteps: number;
  readonly entropy: number;
  readonly information: number;
  readonly retained: number;
  readonly probabilities: number;
  readonly squaredProbabilities: number;
  readonly images: number;
  readonly corrections: number;
  readonly correctionLoss: number;
}

export const NO_SUMS: EpochSums = {
  steps: 0,
  loss: 0,
  dino: 0,
  classification: 0,
  dinoSteps: 0,
  entropy: 0,
  information: 0,
  retained: 0,
  probabilities: 0,
  squaredProbabilities: 0,
  images: 0,
  corrections: 0,
  correctionLoss: 0,
};

export function addStep(sums: EpochSums, values: StepValues): EpochSums {
  const probabilities = Array.from(values.teacherProbabilities ?? []);
  return {
    ...sums,
    steps: sums.steps + 1,
    loss: sums.loss + values.loss,
    dino: sums.dino + (values.dino ?? 0),
    classification: sums.classification + values.classification,
    dinoSteps: sums.dinoSteps + (values.dino === undefined ? 0 : 1),
    entropy: sums.entropy + (values.teacherEntropy ?? 0),
    information: sums.information + (values.targetInformation ?? 0),
    retained: sums.retained + (values.retained ?? 0),
    probabilities: probabilities.reduce((sum, p) => sum + p, sums.probabilities),
    squaredProbabilities: probabilities.reduce((sum, p) => sum + p * p, sums.squaredProbabilities),
    images: sums.images + probabilities.length,
  };
}

export function addCorrection(sums: EpochSums, loss: number): EpochSums {
  return { ...sums, corrections: sums.corrections + 1, correctionLoss: sums.correctionLoss + loss };
}

/**
 * @param prototypes K
 * @param centre null in the supervised stage
 * @param more the effective rank, where it was measured, and whether pseudo-labels are filtered
 */
export function summarise(
  sums: EpochSums,
  at: { readonly stage: number; readonly epoch: number },
  prototypes: number,
  centre: ArrayLike<number> | null,
  more: { readonly effectiveRank?: number; readonly filtered?: boolean } = {},
): EpochSummary {
  const ofSteps = (sum: number): number | null => (sums.dinoSteps === 0 ? null : sum / sums.dinoSteps);
  const mean = sums.images === 0 ? null : sums.probabilities / sums.images;
  const entropy = ofSteps(sums.entropy);
  return {
    ...at,
    steps: sums.steps,
    loss: sums.loss / sums.steps,
    dino: ofSteps(sums.dino),
    classification: sums.classification / sums.steps,
    correction: sums.corrections === 0 ? null : sums.correctionLoss / sums.corrections,
    pseudoPositive: mean,
    pseudoSpread: mean === null ? null : Math.sqrt(Math.max(0, sums.squaredProbabilities / sums.images - mean * mean)),
    teacherEntropy: entropy === null ? null : entropy / Math.log(prototypes),
    targetInformation: ofSteps(sums.information),
    effectiveRank: more.effectiveRank ?? null,
    retained: more.filtered === true ? sums.retained / sums.steps : null,
    centreNorm: centre === null ? null : Math.sqrt(Array.from(centre).reduce((sum, c) => sum + c * c, 0)),
  };
}
