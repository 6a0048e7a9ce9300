import { type PositiveLabel } from '../labels/positive-class';
import { type PatientGroup } from './patient-groups';
import { type SplitRow } from './split-rows';

/**
 * The stratum of each patient: with a positive class, whether any image has it; without one, the patient's rarest class or
 * finding over the set, so that rare ones are spread first. 'unlabelled' when nothing is known.
 */
export function strataOf(groups: readonly PatientGroup[], positive: PositiveLabel | null): Map<string, string> {
  if (positive !== null) return new Map(groups.map((group) => [group.key, positiveStratum(group, positive)]));
  const labelsOf = new Map(groups.map((group) => [group.key, presentLabels(group)]));
  const patients = new Map<string, number>();
  for (const labels of labelsOf.values())
    for (const label of labels) patients.set(label, (patients.get(label) ?? 0) + 1);
  return new Map(
    groups.map(({ key, rows }) => {
      const rarest = [...(labelsOf.get(key) ?? [])].sort(
        (left, right) => (patients.get(left) ?? 0) - (patients.get(right) ?? 0) || (left < right ? -1 : 1),
      )[0];
      return [key, rarest ?? (rows.some(({ findings }) => findings.size > 0) ? 'no-finding' : 'unlabelled')];
    }),
  );
}

/** 1, 0, or null when the image is not labelled for this class. */
export function labelOf(row: Pick<SplitRow, 'className' | 'findings'>, positive: PositiveLabel): 0 | 1 | null {
  if (positive.kind === 'class') return row.className === null ? null : row.className === positive.name ? 1 : 0;
  const value = row.findings.get(positive.name);
  return value === undefined ? null : value === 1 ? 1 : 0;
}

function positiveStratum(group: PatientGroup, positive: PositiveLabel): string {
  const labels = group.rows.map((row) => labelOf(row, positive));
  if (labels.includes(1)) return 'positive';
  return labels.includes(0) ? 'negative' : 'unlabelled';
}

function presentLabels({ rows }: PatientGroup): Set<string> {
  const present = new Set<string>();
  for (const { className, findings } of rows) {
    if (className !== null) present.add(`class:${className}`);
    for (const [name, value] of findings) if (value === 1) present.add(`finding:${name}`);
  }
  return present;
}
