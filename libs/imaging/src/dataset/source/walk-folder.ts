import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

import { isImageCandidate } from './image-sniffer';
import { compareText } from './source-item';

export interface FolderListing {
  /** '/' separated, relative to the root, sorted by code unit. */
  readonly images: readonly string[];
  readonly ignoredFiles: number;
}

/**
 * All image files below `root`.
 *
 * Links to files are followed, links to folders are not (an export that links to itself would never end). Hidden files and
 * folders are left out.
 */
export function walkFolder(root: string): FolderListing {
  const images: string[] = [];
  let ignoredFiles = 0;
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
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
  return { images: images.sort(compareText), ignoredFiles };
}

function isFile(full: string, isPlainFile: boolean): boolean {
  return isPlainFile || statSync(full, { throwIfNoEntry: false })?.isFile() === true;
}
