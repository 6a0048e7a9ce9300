import path from 'node:path';

import { PixelCacheWriter } from '../cache/pixel-cache-writer';
import { type PixelSpec } from '../cache/pixel-spec';
import { createDataSetDirectory, dataSetPaths, type DataSetPaths } from '../data-directory';
import { acquireImportLock } from '../import-lock';
import { openSiteKey } from '../site-key';
import { onStorage } from '../storage-error';
import { openSource } from '../source/open-source';
import { type ImageSource } from '../source/source-item';
import { CacheTable } from '../store/cache-table';
import { ImageTable } from '../store/image-table';
import { IndexDatabase } from '../store/index-database';
import { readSettings, writeSettings } from '../store/settings';
import { type DataSetSummary, summarise } from '../store/summary';
import { checkPositive } from './check-positive';
import { finaliseImport } from './finalise-import';
import { importItems, type ItemCounts } from './import-items';
import { type ImportOptions, resolvePixelSpec, resolveRules, resolveSettings } from './import-options';
import { openDecoder } from './open-decoder';
import { createQuarantineReport, writeQuarantineReport } from './quarantine-report';

/** What one import did, and how the set stands after it. */
export interface ImportResult {
  readonly dataSet: DataSetSummary;
  readonly thisImport: ItemCounts & {
    /** Images in the source. */
    readonly total: number;
    readonly ignoredFiles: number;
    /** Folders that could not be opened: what lies in them was not imported. */
    readonly unreadableFolders: number;
    readonly unmatchedLabels: number;
  };
}

/**
 * Brings a data set up to date with a source: indexes, checks and caches every image that is new or changed.
 *
 * May be killed at any point and run again: it goes on where the last commit was, and ends in the same index and the same
 * cache, byte for byte, as an undisturbed run. Bad files are quarantined with a reason; the import goes on.
 *
 * @throws DatasetError for what concerns the import as a whole: `DATASET.SOURCE*`, `DATASET.LABELS_FORMAT`,
 *   `DATASET.SETTINGS`, `DATASET.POSITIVE_UNKNOWN`, `DATASET.BUSY`, ...
 */
export async function importDataSet(options: ImportOptions): Promise<ImportResult> {
  const paths = dataSetPaths(options.dataDirectory, options.name);
  const positive = options.positive ?? null;
  const report = options.report ?? null;
  const source = await openSource(options.source, {
    labels: options.labels ?? null,
    positive,
    keep: options.keep ?? [],
  });
  const spec = resolvePixelSpec(options.pixels, source.nativeSize);
  if (positive !== null) checkPositive(positive, source.vocabulary, paths.index, options.name);
  if (report !== null) createQuarantineReport(report);
  const siteKey = onStorage(() => openSiteKey(options.dataDirectory));
  onStorage(() => {
    createDataSetDirectory(paths);
  });
  const lock = acquireImportLock(paths.lock, options.name);
  try {
    const index = IndexDatabase.open(paths.index);
    try {
      const settings = resolveSettings(readSettings(index), options.settings);
      writeSettings(index, settings);
      const { cacheId, writer } = onStorage(() => openCache(index, paths, spec));
      const images = new ImageTable(index);
      const seen = report === null ? null : new Map<string, string>();
      const reader = options.reader ?? openDecoder(options.workers);
      let counts: ItemCounts;
      try {
        const target = { index, images, caches: new CacheTable(index), cacheId, writer };
        const rules = resolveRules(options.rules);
        counts = await importItems(source, { ...target, siteKey, reader, rules, spec, seen, options });
      } finally {
        writer.close();
        if (options.reader === undefined) await reader.close();
      }
      finaliseImport(index, settings, positive);
      if (report !== null && seen !== null) writeQuarantineReport(report, index, seen);
      return { dataSet: summarise(index, options.name), thisImport: { ...counts, ...sourceFacts(source) } };
    } finally {
      index.close();
    }
  } finally {
    lock.release();
  }
}

function openCache(
  index: IndexDatabase,
  paths: DataSetPaths,
  spec: PixelSpec,
): { cacheId: number; writer: PixelCacheWriter } {
  const caches = new CacheTable(index);
  const { id, file } = caches.ensure(spec);
  const committed = caches.size(id);
  const { writer, wholeRecords } = PixelCacheWriter.open(path.join(paths.directory, file), spec, committed);
  if (wholeRecords < committed) caches.invalidateFrom(id, wholeRecords);
  return { cacheId: id, writer };
}

type SourceFacts = Pick<ImportResult['thisImport'], 'total' | 'ignoredFiles' | 'unreadableFolders' | 'unmatchedLabels'>;

function sourceFacts({ count, ignoredFiles, unreadableFolders, unmatchedLabels }: ImageSource): SourceFacts {
  return { total: count, ignoredFiles, unreadableFolders, unmatchedLabels };
}
