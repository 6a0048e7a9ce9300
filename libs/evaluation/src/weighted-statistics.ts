import { aucOfCounts } from './auc';
import { type WeightedStatistic } from './bootstrap';
import { descendingOrder } from './score-groups';
import { checkCases, checkProbabilities, checkTwoClasses, type ScoredCases } from './scored-cases';

/** Statistics in the form that `bootstrap` wants. Each sorts once, and then takes O(n) for a resample. */

interface SortedCases {
  readonly order: Uint32Array;
  /** Number of the group of equal scores, highest first, for each place of `order`. */
  readonly groups: Uint32Array;
  readonly groupCount: number;
}

function sortCases({ scores }: ScoredCases): SortedCases {
  const order = descendingOrder(scores);
  const groups = new Uint32Array(order.length);
  let group = 0;
  for (let k = 1; k < order.length; k++) {
    if (scores[order[k] ?? 0] !== scores[order[k - 1] ?? 0]) group++;
    groups[k] = group;
  }
  return { order, groups, groupCount: group + 1 };
}

/** Weighted counts of positive and negative cases for each group of equal score. */
function weigh(
  { order, groups, groupCount }: SortedCases,
  labels: ArrayLike<number>,
  weights: Uint32Array,
): { positives: Float64Array; negatives: Float64Array; totalPositives: number; totalNegatives: number } {
  const positives = new Float64Array(groupCount);
  const negatives = new Float64Array(groupCount);
  let [totalPositives, totalNegatives] = [0, 0];
  for (let k = 0; k < order.length; k++) {
    const i = order[k] ?? 0;
    const weight = weights[i] ?? 0;
    const group = groups[k] ?? 0;
    if (labels[i] === 1) {
      positives[group] = (positives[group] ?? 0) + weight;
      totalPositives += weight;
    } else {
      negatives[group] = (negatives[group] ?? 0) + weight;
      totalNegatives += weight;
    }
  }
  return { positives, negatives, totalPositives, totalNegatives };
}

/** AUC. @throws EvaluationError as `auc`. */
export function aucStatistic(cases: ScoredCases): WeightedStatistic {
  checkTwoClasses(cases);
  const sorted = sortCases(cases);
  return (weights) => {
    const { positives, negatives, totalPositives, totalNegatives } = weigh(sorted, cases.labels, weights);
    if (totalPositives === 0 || totalNegatives === 0) return undefined;
    return aucOfCounts(positives, negatives, totalPositives, totalNegatives);
  };
}

/** Average precision. @throws EvaluationError as `auc`. */
export function averagePrecisionStatistic(cases: ScoredCases): WeightedStatistic {
  checkTwoClasses(cases);
  const sorted = sortCases(cases);
  return (weights) => {
    const { positives, negatives, totalPositives } = weigh(sorted, cases.labels, weights);
    if (totalPositives === 0) return undefined;
    let [found, called, sum] = [0, 0, 0];
    for (let group = 0; group < positives.length; group++) {
      const here = positives[group] ?? 0;
      found += here;
      called += here + (negatives[group] ?? 0);
      if (here > 0) sum += (here / totalPositives) * (found / called);
    }
    return sum;
  };
}

/** Brier score. @throws EvaluationError as `brierScore`. */
export function brierStatistic(cases: ScoredCases): WeightedStatistic {
  checkProbabilities(cases);
  const errors = Float64Array.from(cases.scores, (score, i) => (score - (cases.labels[i] ?? 0)) ** 2);
  return (weights) => {
    let [sum, total] = [0, 0];
    for (let i = 0; i < errors.length; i++) {
      sum += (weights[i] ?? 0) * (errors[i] ?? 0);
      total += weights[i] ?? 0;
    }
    return total === 0 ? undefined : sum / total;
  };
}

/**
 * The share of cases called positive (score >= `threshold`) among those of label `label`: sensitivity for 1, and for 0 one
 * minus the specificity. @throws EvaluationError as `checkCases`.
 */
export function calledPositiveStatistic(cases: ScoredCases, threshold: number, label: 0 | 1): WeightedStatistic {
  checkCases(cases);
  return (weights) => {
    let [called, total] = [0, 0];
    for (let i = 0; i < cases.labels.length; i++) {
      if (cases.labels[i] !== label) continue;
      total += weights[i] ?? 0;
      if ((cases.scores[i] ?? 0) >= threshold) called += weights[i] ?? 0;
    }
    return total === 0 ? undefined : called / total;
  };
}

/** A minus B, undefined where either is: for paired differences of two models on the same resamples. */
export function differenceStatistic(a: WeightedStatistic, b: WeightedStatistic): WeightedStatistic {
  return (weights) => {
    const [valueA, valueB] = [a(weights), b(weights)];
    return valueA === undefined || valueB === undefined ? undefined : valueA - valueB;
  };
}
