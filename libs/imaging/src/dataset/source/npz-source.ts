import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';

import { DatasetError } from '../dataset.errors';
import { type ImageLabels, NO_LABELS, type Split, SPLITS } from '../labels/image-labels';
import { CHEST_XRAY14_FINDINGS } from '../labels/label-columns';
import { vocabularyOf } from '../labels/label-vocabulary';
import { NpzArchive } from '../npz/npz-archive';
import { type NpyHeader } from '../npz/npy-header';
import { type ImageSource, type SourceItem } from './source-item';

/** Most findings that a MedMNIST-layout archive is expected to have. */
const MAX_LABEL_COLUMNS = 64;

interface SplitPart {
  readonly split: Split;
  readonly header: NpyHeader;
  readonly labels: readonly (readonly number[])[] | null;
}

/**
 * Images of an archive in MedMNIST layout: `train_images` [n, h, w] or [n, h, w, 3], `train_labels` [n, 1] (a class) or
 * [n, k] (k findings, 0 or 1), likewise `val` and `test`. Splits without labels are allowed.
 *
 * Fourteen label columns are ChestMNIST's findings, in its order; other columns are named by their number.
 *
 * @throws DatasetError `DATASET.NPZ`.
 */
export async function openNpzSource(file: string): Promise<ImageSource> {
  const archive = await NpzArchive.open(file);
  const parts: SplitPart[] = [];
  for (const split of SPLITS) {
    if (archive.has(`${split}_images`)) parts.push(await readPart(archive, split));
  }
  if (parts.length === 0) {
    throw new DatasetError(
      'DATASET.NPZ',
      'expected members train_images, val_images or test_images in the NPZ archive, found none',
    );
  }
  const sizes = new Set(parts.flatMap(({ header }) => header.shape.slice(1, 3)));
  const [size] = sizes;
  const stat = statSync(file);
  const facts = { fileBytes: stat.size, fileMtimeMs: Math.floor(stat.mtimeMs) };
  const [name, location] = [path.basename(file), realpathSync(file)];
  return {
    count: parts.reduce((sum, part) => sum + (part.header.shape[0] ?? 0), 0),
    ignoredFiles: 0,
    unreadableFolders: 0,
    unmatchedLabels: 0,
    nativeSize: size !== undefined && sizes.size === 1 ? size : null,
    vocabulary: vocabularyOf(parts.flatMap((part) => (part.labels ?? []).map((_, at) => readLabels(part, at)))),
    async *items(): AsyncGenerator<SourceItem> {
      for (const part of parts) {
        let at = 0;
        for await (const row of archive.rows(`${part.split}_images`)) {
          const member = `#${part.split}/${at}`;
          const labels = readLabels(part, at);
          yield {
            ...facts,
            relativePath: name + member,
            location: location + member,
            labels,
            pixels: arrayPixels(part.header, row),
          };
          at += 1;
        }
      }
    },
  };
}

async function readPart(archive: NpzArchive, split: Split): Promise<SplitPart> {
  const header = await archive.header(`${split}_images`);
  const [count, , , channels] = header.shape;
  const isImages = header.shape.length === 3 || (header.shape.length === 4 && (channels === 1 || channels === 3));
  if (!isImages || !['u1', 'u2'].includes(header.dtype.slice(1))) {
    throw new DatasetError(
      'DATASET.NPZ',
      `expected ${split}_images of shape [n, h, w] or [n, h, w, 3] and type u1 or u2, got [${header.shape.join(', ')}] of ${JSON.stringify(header.dtype.slice(0, 16))}`,
    );
  }
  if (!archive.has(`${split}_labels`)) return { split, header, labels: null };
  const labels = await archive.numbers(`${split}_labels`);
  if (labels.length !== count || (labels[0]?.length ?? 1) > MAX_LABEL_COLUMNS) {
    throw new DatasetError(
      'DATASET.NPZ',
      `expected ${count ?? 0} rows of labels in ${split}_labels, got ${labels.length}`,
    );
  }
  return { split, header, labels };
}

function readLabels(part: SplitPart, at: number): ImageLabels {
  const row = part.labels?.[at];
  if (row === undefined) return { ...NO_LABELS, split: part.split };
  const [first] = row;
  if (row.length === 1 && first !== undefined) return { ...NO_LABELS, split: part.split, className: String(first) };
  const names: readonly string[] =
    row.length === CHEST_XRAY14_FINDINGS.length ? CHEST_XRAY14_FINDINGS : row.map((_, column) => String(column));
  const findings: Record<string, 0 | 1> = {};
  row.forEach((value, column) => {
    if (value === 0 || value === 1) findings[names[column] ?? String(column)] = value;
  });
  return { ...NO_LABELS, split: part.split, findings };
}

function arrayPixels(header: NpyHeader, row: Buffer): SourceItem['pixels'] {
  const [, height = 0, width = 0, channels = 1] = header.shape;
  const values =
    header.itemBytes === 1
      ? new Uint8Array(row.buffer, row.byteOffset, row.length)
      : new Uint16Array(row.buffer.slice(row.byteOffset, row.byteOffset + row.length));
  return { kind: 'array', array: { values, width, height, channels: channels === 3 ? 3 : 1 } };
}
