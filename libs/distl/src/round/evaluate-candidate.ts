import { type Engine } from '@fedistl/compute';
import { brierScore, calibrationCurve, delongInterval, delongPairedTest } from '@fedistl/evaluation';
import { type PixelSource } from '@fedistl/imaging';
import { type EvaluationReport, type StudyPlan } from '@fedistl/protocol';
import { scoreSource } from '../inference/score-cases';
import { Scorer } from '../inference/scorer';
import { candidatePoints } from './candidate-points';
import { type HoldOut } from './hold-out';
import { planPreprocessing } from './plan-settings';
import { readPlanModel } from './round-start';

/** What a site measures: the part of its report that is not about who and when. */
export type CandidateMetrics = Pick<
  EvaluationReport,
  | 'holdOut'
  | 'confidence'
  | 'auc'
  | 'aucVariance'
  | 'aucDifference'
  | 'brier'
  | 'expectedCalibrationError'
  | 'operatingPoints'
>;

export interface CandidateQuestionAtSite {
  readonly engine: Engine;
  readonly plan: StudyPlan;
  /** Model file that might be promoted. */
  readonly candidate: string;
  /** The teacher in force; null for a study's first model. */
  readonly reference: string | null;
  readonly holdOut: HoldOut;
  /** Called after each image that a model has judged. */
  readonly onImage?: () => void;
}

/** DeLong's variance needs two cases of a class. */
const fewestOfAClass = 2;

/**
 * Judges a candidate, and the teacher in force, on a site's hold-out. A hold-out with fewer than two images of a class gives
 * no AUC: all that depends on it is null, and the acceptance rule (`judgeCandidate`) does not count the site.
 *
 * Intervals are two-sided at 2c - 1 for the plan's one-sided confidence c, which is what the acceptance rule asks for.
 *
 * @throws RoundError `ROUND.OTHER_MODEL`; InferenceError `INFERENCE.NOT_FINITE`; WeightsError, FileError
 */
export async function evaluateCandidate(question: CandidateQuestionAtSite): Promise<CandidateMetrics> {
  const { plan, candidate, reference, holdOut } = question;
  const { pixels, labels } = holdOut.images;
  const positives = Array.from(labels).filter((label) => label === 1).length;
  const negatives = labels.length - positives;
  const confidence = 2 * plan.acceptance.confidence - 1;
  const counts = { patients: holdOut.patients, positives, negatives };
  const none = { aucVariance: null, aucDifference: null, operatingPoints: [] };
  if (labels.length === 0) {
    return { ...none, holdOut: counts, confidence, auc: null, brier: null, expectedCalibrationError: null };
  }
  const { tuning } = holdOut;
  const [scores, tuned] = await scoresOf(question, candidate, [pixels, ...(tuning === null ? [] : [tuning.pixels])]);
  const cases = { labels, scores: scores ?? new Float64Array() };
  const shared = {
    holdOut: counts,
    confidence,
    brier: brierScore(labels, cases.scores),
    expectedCalibrationError: Math.min(1, calibrationCurve(cases).expectedError),
  };
  if (Math.min(positives, negatives) < fewestOfAClass) return { ...none, ...shared, auc: null };
  const { auc, lower, upper, variance } = delongInterval(cases, { confidence });
  return {
    ...shared,
    auc: { value: auc, low: Math.min(auc, lower), high: Math.max(auc, upper) },
    aucVariance: variance,
    aucDifference: reference === null ? null : await difference(question, reference, cases.scores, confidence),
    operatingPoints: tuning === null ? [] : candidatePoints(cases, { ...tuning, scores: tuned ?? new Float64Array() }),
  };
}

async function difference(
  question: CandidateQuestionAtSite,
  reference: string,
  scoresA: Float64Array,
  confidence: number,
): Promise<EvaluationReport['aucDifference']> {
  const { pixels, labels } = question.holdOut.images;
  const [scoresB] = await scoresOf(question, reference, [pixels]);
  const paired = { labels, scoresA, scoresB: scoresB ?? new Float64Array() };
  const { difference: value, lower, upper } = delongPairedTest(paired, confidence);
  return { value, low: Math.min(value, lower), high: Math.max(value, upper) };
}

/** Probabilities of the finding, one list a source. */
async function scoresOf(
  { engine, plan, onImage }: CandidateQuestionAtSite,
  file: string,
  sources: readonly PixelSource[],
): Promise<Float64Array[]> {
  const weights = await readPlanModel(plan, file, 'model');
  const scorer = await Scorer.open({ engine, model: { weights }, preprocessing: planPreprocessing(plan), finding: 0 });
  try {
    const scores: Float64Array[] = [];
    for (const source of sources) scores.push(await scoreSource(scorer, source, onImage));
    return scores;
  } finally {
    await scorer.dispose();
  }
}
