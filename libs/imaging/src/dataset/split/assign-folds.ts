import { type PositiveLabel } from '../labels/positive-class';
import { type DataSetSettings } from '../store/settings';
import { allocateGroups } from './allocate-groups';
import { type PatientGroup } from './patient-groups';
import { labelOf } from './strata';
import { type SplitRow } from './split-rows';

export type FoldSettings = Pick<DataSetSettings, 'folds' | 'foldBy' | 'labelledShare' | 'seed' | 'foldBoundaries'>;

/**
 * Folds of the training images: 0 is DISTL's small labelled set L, 1 .. `folds` arrive one generation after another
 * (generation t trains on folds <= t).
 *
 * By date, a fold is a period of acquisition, and images without a date fall back to the other rule; by hash, patients are
 * spread evenly, stratum by stratum. A fold once given stays, so that later images do not change what a generation saw.
 *
 * @param groups - patients, with only the rows that are used for training.
 */
export function assignFolds(
  groups: readonly PatientGroup[],
  strata: ReadonlyMap<string, string>,
  settings: FoldSettings,
  positive: PositiveLabel | null,
): Map<number, number> {
  const labelled = labelledPatients(groups, strata, settings, positive);
  const byHash = hashFolds(
    groups.filter(({ key }) => !labelled.has(key)),
    strata,
    settings,
  );
  const folds = new Map<number, number>();
  for (const { key, rows } of groups) {
    for (const row of rows) {
      const dated = settings.foldBy === 'date' ? foldOfDate(row.acquiredAt, settings.foldBoundaries ?? []) : null;
      folds.set(row.id, row.givenFold ?? row.fold ?? (labelled.has(key) ? 0 : (dated ?? byHash.get(key) ?? 1)));
    }
  }
  return folds;
}

/** Last instants of all folds but the last, cutting the dated images into equal parts; no date is on both sides of a cut. */
export function foldBoundaries(dates: readonly string[], folds: number): string[] {
  const sorted = [...dates].sort();
  return Array.from({ length: folds - 1 }, (_, at) => sorted[Math.ceil(((at + 1) * sorted.length) / folds) - 1] ?? '');
}

function foldOfDate(date: string | null, boundaries: readonly string[]): number | null {
  if (date === null) return null;
  const fold = boundaries.findIndex((last) => date <= last);
  return fold === -1 ? boundaries.length + 1 : fold + 1;
}

function labelledPatients(
  groups: readonly PatientGroup[],
  strata: ReadonlyMap<string, string>,
  { labelledShare, seed }: FoldSettings,
  positive: PositiveLabel | null,
): Set<string> {
  if (labelledShare === 0) return new Set();
  const candidates = groups.filter(({ rows }) => rows.some((row) => isLabelled(row, positive)));
  const shares = new Map([
    ['rest', 1 - labelledShare],
    ['labelled', labelledShare],
  ]);
  const parts = allocateGroups(
    candidates.map(({ key, rows }) => ({ key, stratum: strata.get(key) ?? '', part: partSoFar(rows) })),
    shares,
    `labelled\0${seed}`,
  );
  return new Set([...parts].filter(([, part]) => part === 'labelled').map(([key]) => key));
}

function partSoFar(rows: readonly SplitRow[]): string | null {
  const fold = foldSoFar(rows);
  return fold === null ? null : fold === 0 ? 'labelled' : 'rest';
}

function hashFolds(
  groups: readonly PatientGroup[],
  strata: ReadonlyMap<string, string>,
  { folds, seed }: FoldSettings,
): Map<string, number> {
  const shares = new Map(Array.from({ length: folds }, (_, at) => [String(at + 1), 1 / folds]));
  const parts = allocateGroups(
    groups.map(({ key, rows }) => {
      const fold = foldSoFar(rows);
      return { key, stratum: strata.get(key) ?? '', part: fold === null ? null : String(fold) };
    }),
    shares,
    `fold\0${seed}`,
  );
  return new Map([...parts].map(([key, part]) => [key, Number(part)]));
}

function foldSoFar(rows: readonly SplitRow[]): number | null {
  return rows.map((row) => row.givenFold ?? row.fold).find((fold) => fold !== null) ?? null;
}

function isLabelled(row: SplitRow, positive: PositiveLabel | null): boolean {
  return positive === null ? row.className !== null || row.findings.size > 0 : labelOf(row, positive) !== null;
}
