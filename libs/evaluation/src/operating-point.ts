import { EvaluationError } from './evaluation.errors';
import { youdenPoint } from './roc';
import { groupByScore } from './score-groups';
import { checkTwoClasses, type ScoredCases } from './scored-cases';

/**
 * Labelled cases that a threshold may be chosen on. The caller says what they are: a threshold chosen on the cases that it is
 * then judged by flatters, so a test set is not accepted.
 */
export interface TuningCases extends ScoredCases {
  readonly purpose: 'training' | 'validation';
  /** Named in the result and in reports, e.g. "site A, validation split". */
  readonly name: string;
}

export type OperatingRule =
  /** The largest sensitivity + specificity - 1. */
  | { readonly type: 'youden' }
  /** The highest threshold whose sensitivity is at least this. */
  | { readonly type: 'sensitivity'; readonly atLeast: number }
  /** The lowest threshold whose specificity is at least this. */
  | { readonly type: 'specificity'; readonly atLeast: number };

/** A working threshold and where it came from. Cases of score >= `threshold` are called positive. */
export interface OperatingPoint {
  readonly threshold: number;
  readonly rule: OperatingRule | { readonly type: 'fixed' };
  /** The cases it was chosen on; `null` for a fixed threshold. */
  readonly chosenOn: {
    readonly purpose: TuningCases['purpose'];
    readonly name: string;
    readonly cases: number;
    /** On those cases, and so flattered. */
    readonly sensitivity: number;
    readonly specificity: number;
  } | null;
}

/** A threshold set beforehand. @throws EvaluationError `EVAL.BAD_OPTION` unless finite. */
export function fixedOperatingPoint(threshold: number): OperatingPoint {
  if (!Number.isFinite(threshold)) {
    throw new EvaluationError('EVAL.BAD_OPTION', `expected a finite threshold, got ${threshold}`);
  }
  return { threshold, rule: { type: 'fixed' }, chosenOn: null };
}

/**
 * Chooses a threshold on labelled training or validation cases.
 *
 * @throws EvaluationError `EVAL.TUNING_ON_TEST`, `EVAL.BAD_OPTION` (target outside (0, 1]), `EVAL.UNREACHABLE_TARGET` (no
 *   finite threshold gives the specificity), and those of `checkTwoClasses`.
 */
export function chooseOperatingPoint(rule: OperatingRule, tuning: TuningCases): OperatingPoint {
  const purpose: string = tuning.purpose;
  if (purpose !== 'training' && purpose !== 'validation') {
    throw new EvaluationError(
      'EVAL.TUNING_ON_TEST',
      `expected training or validation cases to choose a threshold on, got "${purpose}" cases ("${tuning.name}")`,
    );
  }
  const { cases } = checkTwoClasses(tuning);
  const { threshold, sensitivity, specificity } = rule.type === 'youden' ? youdenPoint(tuning) : reach(rule, tuning);
  const { name } = tuning;
  return { threshold, rule, chosenOn: { purpose, name, cases, sensitivity, specificity } };
}

interface Reached {
  readonly threshold: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

function reach(rule: Exclude<OperatingRule, { type: 'youden' }>, tuning: ScoredCases): Reached {
  if (!(rule.atLeast > 0 && rule.atLeast <= 1)) {
    throw new EvaluationError('EVAL.BAD_OPTION', `expected a ${rule.type} in (0, 1], got ${rule.atLeast}`);
  }
  const counts = checkTwoClasses(tuning);
  const { thresholds, positives, negatives } = groupByScore(tuning);
  let [truePositives, falsePositives] = [0, 0];
  let reached: Reached | undefined;
  for (let group = 0; group < thresholds.length; group++) {
    truePositives += positives[group] ?? 0;
    falsePositives += negatives[group] ?? 0;
    const threshold = thresholds[group] ?? 0;
    const sensitivity = truePositives / counts.positives;
    const specificity = (counts.negatives - falsePositives) / counts.negatives;
    if (rule.type === 'sensitivity' && sensitivity >= rule.atLeast) return { threshold, sensitivity, specificity };
    if (rule.type === 'specificity' && specificity >= rule.atLeast) reached = { threshold, sensitivity, specificity };
  }
  if (reached) return reached;
  throw new EvaluationError(
    'EVAL.UNREACHABLE_TARGET',
    `no observed score gives a ${rule.type} of ${rule.atLeast}: the highest score belongs to too many negative cases`,
  );
}
