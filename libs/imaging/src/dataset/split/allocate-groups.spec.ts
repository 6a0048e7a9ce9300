import fc from 'fast-check';

import { allocateGroups, type Group } from './allocate-groups';

const SHARES = new Map([
  ['train', 0.8],
  ['val', 0.1],
  ['test', 0.1],
]);
const groupsOf = (strata: readonly number[]): Group[] =>
  strata.map((stratum, at) => ({ key: `patient-${at}`, stratum: `s${stratum}`, part: null }));
const sorted = (parts: ReadonlyMap<string, string>): [string, string][] => [...parts].sort();

describe('allocateGroups', () => {
  const strata = fc.array(fc.nat(3), { maxLength: 120 });

  it('comes within one group of the wanted shares in every stratum', () => {
    fc.assert(
      fc.property(strata, fc.string(), (members, seed) => {
        const groups = groupsOf(members);
        const parts = allocateGroups(groups, SHARES, seed);
        for (const stratum of new Set(members)) {
          const inStratum = groups.filter((group) => group.stratum === `s${stratum}`);
          for (const [part, share] of SHARES) {
            const count = inStratum.filter(({ key }) => parts.get(key) === part).length;
            expect(Math.abs(count - share * inStratum.length)).toBeLessThanOrEqual(1);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order of the groups', () => {
    fc.assert(
      fc.property(
        strata.chain((members) => {
          const groups = groupsOf(members);
          return fc.tuple(fc.constant(groups), fc.shuffledSubarray(groups, { minLength: groups.length }));
        }),
        ([groups, shuffled]) => {
          expect(sorted(allocateGroups(shuffled, SHARES, 'x'))).toEqual(sorted(allocateGroups(groups, SHARES, 'x')));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('depends on the seed', () => {
    const groups = groupsOf(Array.from({ length: 60 }, () => 0));
    expect(sorted(allocateGroups(groups, SHARES, '1'))).not.toEqual(sorted(allocateGroups(groups, SHARES, '2')));
  });

  it('never moves a group that has a part, and fills up what newcomers leave short', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 60 }), (before, more) => {
        const first = allocateGroups(groupsOf(Array.from({ length: before }, () => 0)), SHARES, 'x');
        const groups = groupsOf(Array.from({ length: before + more }, () => 0)).map((group) => ({
          ...group,
          part: first.get(group.key) ?? null,
        }));
        const second = allocateGroups(groups, SHARES, 'x');
        for (const [key, part] of first) expect(second.get(key)).toBe(part);
        const tested = [...second.values()].filter((part) => part === 'test').length;
        expect(Math.abs(tested - 0.1 * groups.length)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 40 },
    );
  });

  it('puts nothing into a part of share 0', () => {
    const parts = allocateGroups(
      groupsOf([0, 0, 0, 1]),
      new Map([
        ['train', 1],
        ['val', 0],
      ]),
      'x',
    );
    expect(new Set(parts.values())).toEqual(new Set(['train']));
  });
});
