import { type ComparisonRecord, type ReportedPair } from './report-types';

/**
 * A comparison with every pair's difference turned to the later model minus the earlier one, in the order in which the models
 * were given: whoever names the old model first reads an improvement as a positive number. `a` is the later model then, and
 * the difference is A minus B as ever. Doing it twice is doing it once.
 */
export function laterMinusEarlier(record: ComparisonRecord): ComparisonRecord {
  return { ...record, pairs: record.pairs.map((pair) => (pair.a < pair.b ? turned(pair) : pair)) };
}

function turned(pair: ReportedPair): ReportedPair {
  const { a, b, aucA, aucB, varianceA, varianceB, difference, lower, upper, z } = pair;
  return {
    ...pair,
    ...{ a: b, b: a, aucA: aucB, aucB: aucA, varianceA: varianceB, varianceB: varianceA },
    difference: negative(difference),
    lower: negative(upper),
    upper: negative(lower),
    z: z === null ? null : negative(z),
  };
}

/** Without a negative zero, which JSON has no word for. */
const negative = (value: number): number => 0 - value;
