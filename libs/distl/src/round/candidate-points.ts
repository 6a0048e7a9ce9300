import {
  chooseOperatingPoint,
  confusionMatrix,
  EvaluationError,
  type OperatingRule,
  type ScoredCases,
  type TuningCases,
} from '@fedistl/evaluation';
import { type EvaluationReport } from '@fedistl/protocol';

type Point = EvaluationReport['operatingPoints'][number];

/** Working points that every report of a study has, so that sites can be compared at them. */
const rules: readonly { readonly name: string; readonly rule: OperatingRule }[] = [
  { name: 'youden', rule: { type: 'youden' } },
  { name: 'sensitivity-90', rule: { type: 'sensitivity', atLeast: 0.9 } },
  { name: 'specificity-90', rule: { type: 'specificity', atLeast: 0.9 } },
];

/**
 * Thresholds chosen on the tuning cases, and what they do on the hold-out, which has both classes. A rule that the tuning
 * cases cannot meet is left out.
 */
export function candidatePoints(cases: ScoredCases, tuning: TuningCases): Point[] {
  return rules.flatMap(({ name, rule }): Point[] => {
    const threshold = thresholdOf(rule, tuning);
    if (threshold === undefined) return [];
    const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusionMatrix(cases, threshold);
    return [
      {
        name,
        threshold,
        sensitivity: truePositives / (truePositives + falseNegatives),
        specificity: trueNegatives / (trueNegatives + falsePositives),
      },
    ];
  });
}

function thresholdOf(rule: OperatingRule, tuning: TuningCases): number | undefined {
  try {
    return chooseOperatingPoint(rule, tuning).threshold;
  } catch (error) {
    if (error instanceof EvaluationError && error.code === 'EVAL.UNREACHABLE_TARGET') return undefined;
    throw error;
  }
}
