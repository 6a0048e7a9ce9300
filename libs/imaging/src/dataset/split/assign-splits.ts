import { type Split, SPLIT_PRECEDENCE, SPLITS } from '../labels/image-labels';
import { type DataSetSettings } from '../store/settings';
import { allocateGroups } from './allocate-groups';
import { type PatientGroup } from './patient-groups';

/**
 * The split of every image.
 *
 * A split that the source gives is kept, image by image. Other images follow their patient: into the most held-out split
 * that any of the patient's images has, else where the shares of the patient's stratum need one more patient.
 */
export function assignSplits(
  groups: readonly PatientGroup[],
  strata: ReadonlyMap<string, string>,
  { splitShares, seed }: Pick<DataSetSettings, 'splitShares' | 'seed'>,
): Map<number, Split> {
  const open = groups.map((group) => ({
    key: group.key,
    stratum: strata.get(group.key) ?? 'unlabelled',
    part: heldOutMost(group),
  }));
  const shares = new Map(SPLITS.map((split) => [split as string, splitShares[split]]));
  const parts = allocateGroups(open, shares, `split\0${seed}`);
  const splits = new Map<number, Split>();
  for (const { key, rows } of groups) {
    const part = SPLITS.find((split) => split === parts.get(key)) ?? 'train';
    for (const row of rows) splits.set(row.id, row.givenSplit ?? part);
  }
  return splits;
}

function heldOutMost({ rows }: PatientGroup): Split | null {
  const splits = new Set(rows.map((row) => row.givenSplit ?? row.split));
  return SPLIT_PRECEDENCE.find((split) => splits.has(split)) ?? null;
}

/** Patients whose images lie in more than one split, which only a source's own splits can bring about. */
export function countStraddlingPatients(groups: readonly PatientGroup[], splits: ReadonlyMap<number, Split>): number {
  return groups.filter(({ rows }) => new Set(rows.map(({ id }) => splits.get(id))).size > 1).length;
}
