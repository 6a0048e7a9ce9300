import { guessPositive, type PositiveLabel, resolvePositive } from '../labels/positive-class';
import { assignFolds, foldBoundaries } from '../split/assign-folds';
import { assignSplits } from '../split/assign-splits';
import { findDuplicates } from '../split/find-duplicates';
import { groupByPatient } from '../split/patient-groups';
import { readSplitRows, type SplitRow } from '../split/split-rows';
import { strataOf } from '../split/strata';
import { ImageTable } from '../store/image-table';
import { type IndexDatabase } from '../store/index-database';
import { type DataSetSettings, writeSettings } from '../store/settings';
import { readVocabulary } from '../store/vocabulary';

/**
 * The part of an import that looks at the set as a whole: positive class, duplicates, splits, folds; one transaction.
 *
 * It reads only the index, so that it gives the same result however often the import before it was interrupted.
 */
export function finaliseImport(index: IndexDatabase, settings: DataSetSettings, wantedPositive: string | null): void {
  index.transaction(() => {
    const positive = choosePositive(index, settings, wantedPositive);
    const table = new ImageTable(index);
    const rows = readSplitRows(index);
    const verdicts = settings.duplicates === 'keep' ? new Map<number, never>() : findDuplicates(rows);
    for (const row of rows) {
      const verdict = verdicts.get(row.id) ?? null;
      if (verdict !== row.reason) table.setReason(row.id, verdict);
    }
    const groups = groupByPatient(rows);
    const strata = strataOf(groups, positive);
    const splits = assignSplits(groups, strata, settings);
    const inUse = (row: SplitRow): boolean => !verdicts.has(row.id);
    const isTraining = (row: SplitRow): boolean => inUse(row) && splits.get(row.id) === 'train';
    const boundaries = settings.foldBoundaries ?? boundariesOf(settings, rows.filter(isTraining));
    const training = groups
      .map(({ key, rows: members }) => ({ key, rows: members.filter(isTraining) }))
      .filter((group) => group.rows.length > 0);
    const folds = assignFolds(training, strata, { ...settings, foldBoundaries: boundaries }, positive);
    for (const row of rows) {
      const split = inUse(row) ? (splits.get(row.id) ?? null) : null;
      const fold = folds.get(row.id) ?? null;
      if (split !== row.split) table.setSplit(row.id, split);
      if (fold !== row.fold) table.setFold(row.id, fold);
    }
    index.run(
      'UPDATE image SET split = NULL, fold = NULL WHERE reason IS NOT NULL AND (split IS NOT NULL OR fold IS NOT NULL)',
    );
    writeSettings(index, { ...settings, positive: positive?.name ?? null, foldBoundaries: boundaries });
    index.run(
      "INSERT INTO setting (key, value) VALUES ('state', 'complete') ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    );
  });
}

function choosePositive(index: IndexDatabase, settings: DataSetSettings, wanted: string | null): PositiveLabel | null {
  const vocabulary = readVocabulary(index);
  const name = wanted ?? settings.positive;
  return name === null ? guessPositive(vocabulary) : resolvePositive(name, vocabulary);
}

function boundariesOf(settings: DataSetSettings, training: readonly SplitRow[]): string[] | null {
  if (settings.foldBy !== 'date') return null;
  const dates = training.map(({ acquiredAt }) => acquiredAt).filter((date) => date !== null);
  return dates.length === 0 ? null : foldBoundaries(dates, settings.folds);
}
