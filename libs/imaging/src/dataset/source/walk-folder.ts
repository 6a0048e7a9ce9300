import { type Dirent, readdirSync } from 'node:fs';
import path from 'node:path';

import { isImageCandidate } from './image-sniffer';
import { statFile } from './stat-file';
import { compareText } from './source-item';

export interface FolderListing {
  /** '/' separated, relative to the root, sorted by code unit. */
  readonly images: readonly string[];
  readonly ignoredFiles: number;
  /** Folders that could not be opened: what lies in them is not known. */
  readonly unreadableFolders: number;
}

/**
 * All image files below `root`.
 *
 * Links to files are followed, links to folders are not (an export that links to itself would never end). Hidden files and
 * folders are left out.
 */
export function walkFolder(root: string): FolderListing {
  const images: string[] = [];
  let [ignoredFiles, unreadableFolders] = [0, 0];
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const entries = readEntries(path.join(root, folder));
    if (entries === null) unreadableFolders += 1;
    for (const entry of entries ?? []) {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const full = path.join(root, relative);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.')) pending.push(relative);
      } else if (isFile(full, entry.isFile()) && isImageCandidate(full)) {
        images.push(relative);
      } else {
        ignoredFiles += 1;
      }
    }
  }
  return { images: images.sort(compareText), ignoredFiles, unreadableFolders };
}

/** Null when the operating system refuses. */
function readEntries(folder: string): Dirent[] | null {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return null;
  }
}

function isFile(full: string, isPlainFile: boolean): boolean {
  return isPlainFile || statFile(full)?.isFile() === true;
}
