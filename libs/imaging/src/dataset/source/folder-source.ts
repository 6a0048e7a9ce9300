import { existsSync } from 'node:fs';
import path from 'node:path';

import { labelsFromFolders } from '../labels/class-folders';
import { vocabularyOf } from '../labels/label-vocabulary';
import { type LabelTable, readLabelFile } from '../labels/label-file';
import { type FolderListing } from './walk-folder';
import { statFile } from './stat-file';
import { compareText, type ImageSource, type SourceItem } from './source-item';

export interface FolderSourceOptions {
  /** Labels file; `labels.csv` in the folder when not given. */
  readonly labels: string | null;
  readonly positive: string | null;
  readonly keep: readonly string[];
}

/** Name of the labels file that a folder may bring along. */
export const LABELS_FILE = 'labels.csv';

/** Images of a folder tree. Labels come from the labels file, else from folder names, else there are none. */
export function openFolderSource(root: string, listing: FolderListing, options: FolderSourceOptions): ImageSource {
  const own = path.join(root, LABELS_FILE);
  const labelFile = options.labels ?? (existsSync(own) ? own : null);
  const table = labelFile === null ? null : readLabelFile(labelFile, options);
  const fromFolders = table === null ? labelsFromFolders(listing.images, options) : null;
  const missing = listedButAbsent(table, listing.images);
  const matched = table === null ? 0 : listing.images.filter((image) => table.find(image) !== null).length;
  const paths = [...listing.images, ...missing].sort(compareText);
  const absent = new Set(missing);
  const labelsOf = (relativePath: string): SourceItem['labels'] =>
    table?.find(relativePath) ?? fromFolders?.(relativePath) ?? null;
  return {
    count: paths.length,
    ignoredFiles: listing.ignoredFiles,
    unreadableFolders: listing.unreadableFolders,
    unmatchedLabels: table === null ? 0 : Math.max(0, table.rows - matched - missing.length),
    nativeSize: null,
    vocabulary: vocabularyOf(paths.map(labelsOf)),
    async *items() {
      for (const relativePath of paths) {
        yield await Promise.resolve(describeFile(root, relativePath, labelsOf(relativePath), absent.has(relativePath)));
      }
    },
  };
}

function describeFile(root: string, relativePath: string, labels: SourceItem['labels'], isAbsent: boolean): SourceItem {
  const location = path.join(root, relativePath);
  if (isAbsent) return { relativePath, location, fileBytes: 0, fileMtimeMs: 0, labels, pixels: { kind: 'missing' } };
  // Of a file that may not be looked at nothing is known; decoding will say why.
  const stat = statFile(location) ?? { size: 0, mtimeMs: 0 };
  // Whole milliseconds: the index stores integers, and file systems differ below that.
  const fileMtimeMs = Math.floor(stat.mtimeMs);
  return {
    relativePath,
    location,
    fileBytes: stat.size,
    fileMtimeMs,
    labels,
    pixels: { kind: 'file', path: location },
  };
}

/** Paths of the table for which neither that file nor another of the same unique name is there. */
function listedButAbsent(table: LabelTable | null, images: readonly string[]): string[] {
  if (table === null || table.listed.size === 0) return [];
  const found = new Set(images.map((image) => table.find(image)));
  return [...table.listed].filter(([, labels]) => !found.has(labels)).map(([listed]) => listed);
}
