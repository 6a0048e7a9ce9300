import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

import { DatasetError } from '../dataset.errors';
import { type FolderSourceOptions, openFolderSource } from './folder-source';
import { openNpzSource } from './npz-source';
import { type ImageSource } from './source-item';
import { walkFolder } from './walk-folder';

/**
 * Finds out what kind of source `source` is and lists it: a folder with images, a MedMNIST-layout NPZ archive, a folder
 * whose only content is one such archive, or a single image file.
 *
 * @throws DatasetError `DATASET.SOURCE` (no such thing), `DATASET.SOURCE_EMPTY`, `DATASET.SOURCE_AMBIGUOUS`.
 */
export async function openSource(source: string, options: FolderSourceOptions): Promise<ImageSource> {
  if (!existsSync(source))
    throw new DatasetError('DATASET.SOURCE', 'the source is neither a folder nor a file that exists');
  if (options.labels !== null && !existsSync(options.labels)) {
    throw new DatasetError('DATASET.SOURCE', 'the file given with --labels does not exist');
  }
  const root = realpathSync(source);
  if (statSync(root).isFile()) return openFile(root, options);
  const listing = walkFolder(root);
  if (listing.images.length > 0) return openFolderSource(root, listing, options);
  if (listing.unreadableFolders > 0)
    throw new DatasetError('DATASET.SOURCE', 'the source cannot be opened: check the rights on it');
  const archives = readdirSync(root).filter((name) => name.toLowerCase().endsWith('.npz'));
  const [archive] = archives;
  if (archive === undefined) {
    throw new DatasetError('DATASET.SOURCE_EMPTY', `found no image among ${listing.ignoredFiles} files of the source`);
  }
  if (archives.length > 1) {
    throw new DatasetError(
      'DATASET.SOURCE_AMBIGUOUS',
      `the source holds ${archives.length} NPZ archives and no image: name one of them`,
    );
  }
  return openNpzSource(path.join(root, archive));
}

async function openFile(file: string, options: FolderSourceOptions): Promise<ImageSource> {
  if (file.toLowerCase().endsWith('.npz')) return openNpzSource(file);
  return openFolderSource(
    path.dirname(file),
    { images: [path.basename(file)], ignoredFiles: 0, unreadableFolders: 0 },
    options,
  );
}
