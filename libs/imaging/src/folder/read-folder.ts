import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { type PixelSpec } from '../dataset/cache/pixel-spec';
import { DatasetError } from '../dataset/dataset.errors';
import { mapOrdered } from '../dataset/import/map-ordered';
import { openDecoder } from '../dataset/import/open-decoder';
import { prepareImage } from '../dataset/import/prepare-image';
import { DEFAULT_QUARANTINE_RULES, type QuarantineReason, type QuarantineRules } from '../dataset/quarantine';
import { statFile } from '../dataset/source/stat-file';
import { walkFolder } from '../dataset/source/walk-folder';
import { type Grey8 } from '../views/grey8';

/** One file of a folder: its pixels, or why it has none. */
export interface FolderImage {
  /** '/' separated, relative to the folder. */
  readonly file: string;
  /** Null for a file that is not to be used. */
  readonly image: Grey8 | null;
  readonly reason: QuarantineReason | null;
  /** Error code of the decoder, where it was the decoder that refused. */
  readonly code: string | null;
}

export interface ReadFolderOptions {
  /** 8 bits. */
  readonly spec: PixelSpec;
  readonly rules?: Partial<QuarantineRules>;
  /** Decoding threads; one a core, at most eight. */
  readonly workers?: number | undefined;
}

/**
 * Names of the image files in a folder tree, or of the one file given.
 *
 * @returns the folder, and '/' separated names relative to it, sorted by code unit
 * @throws DatasetError `DATASET.SOURCE` (no such thing), `DATASET.SOURCE_EMPTY`
 */
export function listFolder(source: string): { readonly root: string; readonly files: readonly string[] } {
  if (!existsSync(source)) {
    throw new DatasetError('DATASET.SOURCE', 'the source is neither a folder nor a file that exists');
  }
  const root = realpathSync(source);
  if (statSync(root).isFile()) return { root: path.dirname(root), files: [path.basename(root)] };
  const { images, ignoredFiles, unreadableFolders } = walkFolder(root);
  if (images.length > 0) return { root, files: images };
  if (unreadableFolders > 0) {
    throw new DatasetError('DATASET.SOURCE', 'the source cannot be opened: check the rights on it');
  }
  throw new DatasetError('DATASET.SOURCE_EMPTY', `found no image among ${ignoredFiles} files of the source`);
}

/**
 * Reads images of a folder exactly as an import does, quarantine rules included, without storing anything: in the order of
 * `files`, some ahead of the reader.
 *
 * @throws DatasetError `DATASET.SETTINGS` unless 8 bits are asked for
 */
export async function* readFolder(
  root: string,
  files: readonly string[],
  { spec, rules = {}, workers }: ReadFolderOptions,
): AsyncGenerator<FolderImage, void, undefined> {
  if (spec.bits !== 8) throw new DatasetError('DATASET.SETTINGS', `expected 8-bit pixels, got ${spec.bits} bits`);
  const reader = openDecoder(workers);
  const options = { spec, reader, rules: { ...DEFAULT_QUARANTINE_RULES, ...rules } };
  try {
    yield* mapOrdered(asynchronous(files), reader.concurrency, async (file): Promise<FolderImage> => {
      const location = path.join(root, file);
      const stat = statFile(location);
      const { pixels, facts } = await prepareImage(
        {
          relativePath: file,
          location,
          fileBytes: stat?.size ?? 0,
          fileMtimeMs: Math.floor(stat?.mtimeMs ?? 0),
          labels: null,
          pixels: { kind: 'file', path: location },
        },
        options,
      );
      const image = pixels === null ? null : { width: spec.size, height: spec.size, pixels };
      return { file, image, reason: facts.reason, code: facts.detail };
    });
  } finally {
    await reader.close();
  }
}

async function* asynchronous<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  for (const item of items) yield await Promise.resolve(item);
}
