import { crc32 } from 'node:zlib';

import { DatasetError } from '../dataset.errors';
import { checkPixelSpec, type PixelSpec } from './pixel-spec';

/**
 * Layout of a pixel cache file; the reference is docs/formats/pixel-cache.md. All numbers are little endian.
 *
 * A header of 4096 bytes, then records of equal length, so that record i lies at 4096 + i * stride: the file can be mapped
 * into memory as one array, and appending is the only way it grows.
 */
export const CACHE_HEADER_BYTES = 4096;
export const RECORD_HEADER_BYTES = 64;
const ALIGNMENT = 64;
const MAGIC = 'FDISTLPX';
const FORMAT_VERSION = 1;
const RECORD_MAGIC = 0x43455246;

const FITS = ['squash', 'pad'] as const;
const MODES = ['clinical', 'parity'] as const;

/** Bytes of one image's pixels. */
export function pixelBytes(spec: PixelSpec): number {
  return spec.size * spec.size * (spec.bits / 8);
}

/** Distance between records, bytes: header, pixels, and zeros up to a multiple of 64. */
export function recordStride(spec: PixelSpec): number {
  return Math.ceil((RECORD_HEADER_BYTES + pixelBytes(spec)) / ALIGNMENT) * ALIGNMENT;
}

/** Offset of record `slot`. */
export function recordOffset(spec: PixelSpec, slot: number): number {
  return CACHE_HEADER_BYTES + slot * recordStride(spec);
}

export function encodeCacheHeader(spec: PixelSpec): Buffer {
  const header = Buffer.alloc(CACHE_HEADER_BYTES);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32LE(FORMAT_VERSION, 8);
  header.writeUInt32LE(CACHE_HEADER_BYTES, 12);
  header.writeUInt32LE(spec.size, 16);
  header.writeUInt32LE(spec.size, 20);
  header.writeUInt32LE(spec.bits, 24);
  header.writeUInt32LE(RECORD_HEADER_BYTES, 28);
  header.writeBigUInt64LE(BigInt(recordStride(spec)), 32);
  header.writeUInt32LE(FITS.indexOf(spec.fit), 40);
  header.writeUInt32LE(MODES.indexOf(spec.mode), 44);
  header.writeUInt32LE(crc32(header.subarray(0, CACHE_HEADER_BYTES - 4)), CACHE_HEADER_BYTES - 4);
  return header;
}

/** @throws DatasetError `DATASET.CACHE_FORMAT` when the bytes are not the header of a cache that this release can read. */
export function decodeCacheHeader(header: Buffer): PixelSpec {
  if (header.length < CACHE_HEADER_BYTES || header.toString('latin1', 0, 8) !== MAGIC)
    throw bad('it does not begin with FDISTLPX');
  const version = header.readUInt32LE(8);
  if (version !== FORMAT_VERSION) throw bad(`expected format version ${FORMAT_VERSION}, got ${version}`);
  if (crc32(header.subarray(0, CACHE_HEADER_BYTES - 4)) !== header.readUInt32LE(CACHE_HEADER_BYTES - 4)) {
    throw bad('its header does not match its checksum');
  }
  const fit = FITS[header.readUInt32LE(40)];
  const mode = MODES[header.readUInt32LE(44)];
  const bits = header.readUInt32LE(24);
  if (fit === undefined || mode === undefined || (bits !== 8 && bits !== 16))
    throw bad('its header has unknown settings');
  const spec = checkPixelSpec({ size: header.readUInt32LE(16), bits, fit, mode });
  if (Number(header.readBigUInt64LE(32)) !== recordStride(spec)) throw bad('its records have an unexpected length');
  return spec;
}

/**
 * One whole record, header, pixels and padding.
 *
 * @param contentSha256 - hex digest of the source that the pixels come from: ties the record to the index.
 */
export function encodeRecord(spec: PixelSpec, slot: number, contentSha256: string, pixels: Uint8Array): Buffer {
  if (pixels.length !== pixelBytes(spec)) {
    throw new DatasetError(
      'DATASET.CACHE_FORMAT',
      `expected ${pixelBytes(spec)} bytes of pixels, got ${pixels.length}`,
    );
  }
  const record = Buffer.alloc(recordStride(spec));
  record.writeUInt32LE(RECORD_MAGIC, 0);
  record.writeUInt32LE(slot, 4);
  record.write(contentSha256, 8, 32, 'hex');
  record.writeUInt32LE(pixels.length, 40);
  record.writeUInt32LE(crc32(pixels), 44);
  record.writeUInt32LE(crc32(record.subarray(0, 60)), 60);
  record.set(pixels, RECORD_HEADER_BYTES);
  return record;
}

/** What is wrong with a record, in words, or null when it is whole and belongs to `contentSha256`. */
export function recordFault(spec: PixelSpec, slot: number, contentSha256: string, record: Buffer): string | null {
  if (record.length < RECORD_HEADER_BYTES + pixelBytes(spec)) return 'is cut short';
  if (record.readUInt32LE(0) !== RECORD_MAGIC || crc32(record.subarray(0, 60)) !== record.readUInt32LE(60))
    return 'has a damaged header';
  if (record.readUInt32LE(4) !== slot) return 'carries the number of another slot';
  if (record.toString('hex', 8, 40) !== contentSha256) return 'belongs to another image';
  const pixels = record.subarray(RECORD_HEADER_BYTES, RECORD_HEADER_BYTES + pixelBytes(spec));
  return crc32(pixels) === record.readUInt32LE(44) ? null : 'does not match its checksum';
}

function bad(what: string): DatasetError {
  return new DatasetError('DATASET.CACHE_FORMAT', `the pixel cache cannot be read: ${what}`);
}
