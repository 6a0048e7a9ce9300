import { DatasetError } from '../dataset.errors';

/** How cached pixels were prepared: everything that changes a pixel is in here, and in the name of the cache file. */
export interface PixelSpec {
  /** Width and height of the square image, px. */
  readonly size: number;
  readonly bits: 8 | 16;
  /** Squeeze to a square, or keep the proportions and pad. */
  readonly fit: 'squash' | 'pad';
  /** Grey levels by the DICOM rules, or as the released DISTL code makes them. */
  readonly mode: 'clinical' | 'parity';
}

export const DEFAULT_PIXEL_SPEC: PixelSpec = { size: 256, bits: 8, fit: 'squash', mode: 'clinical' };

const MAX_SIZE = 4096;

/** @throws DatasetError `DATASET.SETTINGS` */
export function checkPixelSpec(spec: PixelSpec): PixelSpec {
  if (!Number.isInteger(spec.size) || spec.size < 8 || spec.size > MAX_SIZE) {
    throw new DatasetError('DATASET.SETTINGS', `expected an image size of 8 to ${MAX_SIZE} px, got ${spec.size}`);
  }
  return spec;
}

/** Canonical text of a spec, such as '256-u8-squash-clinical'; the cache file is named after it. */
export function pixelSpecText(spec: PixelSpec): string {
  return `${spec.size}-u${spec.bits}-${spec.fit}-${spec.mode}`;
}

/** @throws DatasetError `DATASET.SETTINGS` for a text that `pixelSpecText` does not make. */
export function parsePixelSpec(text: string): PixelSpec {
  const match = /^(\d+)-u(8|16)-(squash|pad)-(clinical|parity)$/.exec(text);
  if (match === null)
    throw new DatasetError(
      'DATASET.SETTINGS',
      `expected a pixel specification like 256-u8-squash-clinical, got ${JSON.stringify(text)}`,
    );
  return checkPixelSpec({
    size: Number(match[1]),
    bits: match[2] === '16' ? 16 : 8,
    fit: match[3] === 'pad' ? 'pad' : 'squash',
    mode: match[4] === 'parity' ? 'parity' : 'clinical',
  });
}
