import { type ScoredCases } from '../scored-cases';
import { type SubgroupOptions, type SubgroupTable, subgroupTable } from '../subgroups';

/**
 * The measures of each subgroup, where what is suppressed cannot be had by subtraction either: while the suppressed groups
 * together have fewer than `smallest` cases, the smallest one of those shown is suppressed too.
 *
 * @param groups one per case
 * @throws EvaluationError as `subgroupTable`
 */
export function safeSubgroupTable(
  cases: ScoredCases,
  groups: ArrayLike<string>,
  options: SubgroupOptions & { readonly smallest: number },
): SubgroupTable {
  const { rows, suppressed } = subgroupTable(cases, groups, options);
  let hidden = cases.labels.length - rows.reduce((sum, row) => sum + row.cases, 0);
  const shown = [...rows].sort((a, b) => b.cases - a.cases);
  const names = [...suppressed];
  while (hidden > 0 && hidden < options.smallest) {
    const next = shown.pop();
    if (next === undefined) break;
    hidden += next.cases;
    names.push(next.group);
  }
  return { rows: rows.filter((row) => shown.includes(row)), suppressed: names.sort() };
}
