import { dataSetPaths } from '../data-directory';
import { acquireImportLock } from '../import-lock';
import { openSiteKey } from '../site-key';
import { CacheTable } from '../store/cache-table';
import { IndexDatabase } from '../store/index-database';
import { type DataSetSummary, summarise } from '../store/summary';
import { type CacheCheck, checkCache } from './check-cache';
import { checkSource, type SourceCheck } from './check-source';

export interface CheckOptions {
  readonly dataDirectory: string;
  readonly name: string;
  /** Also hash the files of this source again. The index does not know where they lie: it stores no path. */
  readonly source?: string | null;
  /** Mark damaged records, so that the next import of the source writes them again. */
  readonly repair?: boolean;
}

export interface CheckResult {
  readonly ok: boolean;
  /** 'ok', or what the database found wrong with the index file. */
  readonly index: string;
  readonly caches: readonly CacheCheck[];
  readonly source: SourceCheck | null;
  readonly dataSet: DataSetSummary;
}

/**
 * Verifies a data set: the index file, every record of every cache, and the source's files when given.
 *
 * @throws DatasetError `DATASET.NOT_FOUND`, `DATASET.BUSY` while an import runs.
 */
export async function checkDataSet(options: CheckOptions): Promise<CheckResult> {
  const paths = dataSetPaths(options.dataDirectory, options.name);
  const index = IndexDatabase.openExisting(paths.index, options.name);
  try {
    // A running import appends records before it tells the index about them.
    const lock = acquireImportLock(paths.lock, options.name);
    try {
      const integrity = String(index.get('PRAGMA integrity_check')?.['integrity_check']);
      const table = new CacheTable(index);
      const caches = table.list().map((entry) => {
        const check = checkCache(paths.directory, entry, table);
        if (options.repair === true) for (const { slot } of check.damaged) table.invalidate(entry.id, slot);
        return check;
      });
      const wanted = options.source ?? null;
      const source = wanted === null ? null : await checkSource(wanted, index, openSiteKey(options.dataDirectory));
      const dataSet = summarise(index, options.name);
      const cachesAreWhole = caches.every(({ damaged, fault }) => damaged.length === 0 && fault === null);
      const ok = integrity === 'ok' && cachesAreWhole && (source?.changed ?? 0) === 0 && dataSet.isComplete;
      return { ok, index: integrity, caches, source, dataSet };
    } finally {
      lock.release();
    }
  } finally {
    index.close();
  }
}
