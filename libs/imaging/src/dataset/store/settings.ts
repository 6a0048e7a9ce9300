import { type IndexDatabase } from './index-database';

/** What is fixed for a whole set, kept in the index. */
export interface DataSetSettings {
  /** Seed of splits and folds. */
  readonly seed: string;
  /** Shares of patients, summing to 1, of splits that the source does not give. */
  readonly splitShares: { readonly train: number; readonly val: number; readonly test: number };
  /** Unlabelled folds, numbered 1 to `folds`. */
  readonly folds: number;
  readonly foldBy: 'date' | 'hash';
  /** Share of labelled training patients put into fold 0, DISTL's small labelled set L; 0 for none. */
  readonly labelledShare: number;
  readonly duplicates: 'quarantine' | 'keep';
  /** Class or finding that counts as label 1; null when none was named or found. */
  readonly positive: string | null;
  /** Last instants of folds 1 .. folds - 1 when folds go by date; fixed at the first import so that no image moves. */
  readonly foldBoundaries: readonly string[] | null;
}

export const DEFAULT_SETTINGS: DataSetSettings = {
  seed: '0',
  splitShares: { train: 0.8, val: 0.1, test: 0.1 },
  folds: 3,
  foldBy: 'hash',
  labelledShare: 0,
  duplicates: 'quarantine',
  positive: null,
  foldBoundaries: null,
};

/** Settings of a set; null before its first import. */
export function readSettings(index: IndexDatabase): DataSetSettings | null {
  const row = index.get("SELECT value FROM setting WHERE key = 'settings'");
  return row === undefined
    ? null
    : { ...DEFAULT_SETTINGS, ...(JSON.parse(String(row['value'])) as Partial<DataSetSettings>) };
}

export function writeSettings(index: IndexDatabase, settings: DataSetSettings): void {
  index.run(
    "INSERT INTO setting (key, value) VALUES ('settings', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    JSON.stringify(settings),
  );
}
