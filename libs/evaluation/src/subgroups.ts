import { type ClassificationMetrics, classificationMetrics, type ConfusionMatrix, confusionMatrix } from './confusion';
import { type AucInterval, delongInterval } from './delong';
import { EvaluationError } from './evaluation.errors';
import { checkCases, type ScoredCases } from './scored-cases';

export interface SubgroupRow {
  readonly group: string;
  readonly cases: number;
  readonly positives: number;
  readonly negatives: number;
  /** `null` when a class has fewer than two cases. */
  readonly auc: AucInterval | null;
  readonly confusion: ConfusionMatrix;
  readonly metrics: ClassificationMetrics;
}

export interface SubgroupTable {
  /** By group name. */
  readonly rows: readonly SubgroupRow[];
  /** Groups with fewer cases than `smallest`: named, but without numbers that could point at a person. */
  readonly suppressed: readonly string[];
}

export interface SubgroupOptions {
  /** Cases of score >= threshold are called positive; take it from an operating point. */
  readonly threshold: number;
  /** Default 0.95. */
  readonly confidence?: number;
  /** Groups of fewer cases are suppressed. Default 1: none. */
  readonly smallest?: number;
}

/**
 * The measures of each subgroup (sex, age band, device, view, site, ...).
 *
 * @param groups - one per case; an empty text is a group of its own, "(unknown)".
 * @throws EvaluationError `EVAL.LENGTH_MISMATCH` and those of `checkCases`, `EVAL.BAD_OPTION`.
 */
export function subgroupTable(cases: ScoredCases, groups: ArrayLike<string>, options: SubgroupOptions): SubgroupTable {
  checkCases(cases);
  if (groups.length !== cases.labels.length) {
    throw new EvaluationError(
      'EVAL.LENGTH_MISMATCH',
      `expected as many groups as labels, got ${groups.length} groups and ${cases.labels.length} labels`,
    );
  }
  const members = new Map<string, number[]>();
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i] === '' ? '(unknown)' : (groups[i] ?? '');
    const known = members.get(group);
    if (known) known.push(i);
    else members.set(group, [i]);
  }
  const names = [...members.keys()].sort();
  const isLarge = (name: string): boolean => (members.get(name)?.length ?? 0) >= (options.smallest ?? 1);
  return {
    rows: names.filter(isLarge).map((name) => subgroupRow(name, cases, members.get(name) ?? [], options)),
    suppressed: names.filter((name) => !isLarge(name)),
  };
}

function subgroupRow(group: string, all: ScoredCases, rows: number[], options: SubgroupOptions): SubgroupRow {
  const { threshold, confidence = 0.95 } = options;
  const cases = { labels: rows.map((i) => all.labels[i] ?? 0), scores: rows.map((i) => all.scores[i] ?? 0) };
  const { positives, negatives } = checkCases(cases);
  const confusion = confusionMatrix(cases, threshold);
  return {
    group,
    cases: rows.length,
    positives,
    negatives,
    auc: positives >= 2 && negatives >= 2 ? delongInterval(cases, { confidence }) : null,
    confusion,
    metrics: classificationMetrics(confusion, confidence),
  };
}
