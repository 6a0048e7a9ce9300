import { createHash } from 'node:crypto';

import { compareText } from '../source/source-item';

/** Images that must stay together: all of one patient. */
export interface Group {
  /** Depends on the images' content only, so that renaming or reordering files changes nothing. */
  readonly key: string;
  /** Groups of one stratum are spread in the wanted shares. */
  readonly stratum: string;
  /** Part that the group already belongs to, or null. */
  readonly part: string | null;
}

/**
 * Puts every group without a part into one, so that each stratum comes as near to the wanted shares as whole groups allow.
 *
 * Groups are taken in the order of sha256(seed, key), a seeded shuffle that does not depend on the input's order; each goes
 * to the part that lacks most in its stratum. Groups that have a part keep it: images added later never move a patient.
 *
 * @param shares - part -> share, summing to 1; on equal need the earlier part wins.
 * @returns key -> part for all groups.
 */
export function allocateGroups(
  groups: readonly Group[],
  shares: ReadonlyMap<string, number>,
  seed: string,
): Map<string, string> {
  const parts = new Map<string, string>();
  for (const members of byStratum(groups).values()) allocateStratum(members, shares, seed, parts);
  return parts;
}

function allocateStratum(
  members: readonly Group[],
  shares: ReadonlyMap<string, number>,
  seed: string,
  parts: Map<string, string>,
): void {
  const counts = new Map<string, number>();
  let placed = 0;
  const place = (key: string, part: string): void => {
    parts.set(key, part);
    // A part that is not among the shares (an operator's own fold) does not count against them.
    if (!shares.has(part)) return;
    counts.set(part, (counts.get(part) ?? 0) + 1);
    placed += 1;
  };
  for (const group of members) if (group.part !== null) place(group.key, group.part);
  for (const group of shuffled(
    members.filter(({ part }) => part === null),
    seed,
  )) {
    let best = '';
    let most = -Infinity;
    for (const [part, share] of shares) {
      const need = share * (placed + 1) - (counts.get(part) ?? 0);
      if (share > 0 && need > most + 1e-9) [best, most] = [part, need];
    }
    place(group.key, best);
  }
}

function byStratum(groups: readonly Group[]): Map<string, Group[]> {
  const strata = new Map<string, Group[]>();
  for (const group of groups) {
    const members = strata.get(group.stratum);
    if (members === undefined) strata.set(group.stratum, [group]);
    else members.push(group);
  }
  return strata;
}

function shuffled(groups: readonly Group[], seed: string): Group[] {
  return groups
    .map((group) => ({ group, rank: createHash('sha256').update(`${seed}\0${group.key}`).digest('hex') }))
    .sort((left, right) => compareText(left.rank, right.rank))
    .map(({ group }) => group);
}
