import { type RandomAccessSource } from '@fedistl/core';
import { TorchFileError } from '../vit.errors';

/** One file of an archive, as its central directory describes it. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated; others are refused. */
  readonly method: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly headerOffset: number;
}

const maxEntries = 100_000;
const maxDirectoryBytes = 16 * 2 ** 20;
const endRecordBytes = 22;
const locatorBytes = 20;
const longestComment = 65_535;

/**
 * Reads the central directory (PKWARE APPNOTE 4.3, with ZIP64). Every offset and length is checked against the file before
 * it is used.
 *
 * @throws TorchFileError `TORCH.ZIP_BROKEN`, `TORCH.ZIP_LIMIT`, `TORCH.ZIP_UNSUPPORTED`
 */
export async function readZipDirectory(source: RandomAccessSource): Promise<ReadonlyMap<string, ZipEntry>> {
  const { count, size, offset } = await findDirectory(source);
  if (count > maxEntries || size > maxDirectoryBytes) {
    throw new TorchFileError(
      'TORCH.ZIP_LIMIT',
      `expected at most ${maxEntries} archive entries in ${maxDirectoryBytes} bytes, got ${count} in ${size}`,
    );
  }
  if (offset + size > source.size) throw broken(`its directory of ${size} bytes at ${offset} lies outside the file`);
  const bytes = await source.read(offset, size);
  if (bytes.length !== size) throw broken('its directory could not be read in full');
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const { entry, length } = readEntry(bytes, at);
    if (entries.has(entry.name)) throw broken(`two entries have one name`);
    entries.set(entry.name, entry);
    at += length;
  }
  return entries;
}

interface DirectoryPlace {
  readonly count: number;
  readonly size: number;
  readonly offset: number;
}

async function findDirectory(source: RandomAccessSource): Promise<DirectoryPlace> {
  const length = Math.min(source.size, endRecordBytes + longestComment + locatorBytes);
  const start = source.size - length;
  const tail = await source.read(start, length);
  const view = viewOf(tail);
  for (let at = tail.length - endRecordBytes; at >= 0; at -= 1) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    if (at + endRecordBytes + view.getUint16(at + 20, true) !== tail.length) continue;
    const place = {
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
    const isLong = place.count === 0xffff || place.size === 0xffffffff || place.offset === 0xffffffff;
    return isLong ? findLongDirectory(source, view, at - locatorBytes) : place;
  }
  throw broken('it has no end record; is the download complete?');
}

/** ZIP64: the real numbers lie in a record that the locator before the end record points to. */
async function findLongDirectory(source: RandomAccessSource, tail: DataView, at: number): Promise<DirectoryPlace> {
  if (at < 0 || tail.getUint32(at, true) !== 0x07064b50) throw broken('its ZIP64 locator is missing');
  const offset = uint64(tail, at + 8);
  if (offset + 56 > source.size) throw broken('its ZIP64 record lies outside the file');
  const record = viewOf(await source.read(offset, 56));
  if (record.byteLength < 56 || record.getUint32(0, true) !== 0x06064b50) throw broken('its ZIP64 record is missing');
  return { count: uint64(record, 32), size: uint64(record, 40), offset: uint64(record, 48) };
}

function readEntry(bytes: Uint8Array, at: number): { readonly entry: ZipEntry; readonly length: number } {
  const view = viewOf(bytes);
  if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) throw broken('a directory entry is missing');
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const length = 46 + nameLength + extraLength + view.getUint16(at + 32, true);
  if (at + length > bytes.length) throw broken('a directory entry reaches beyond the directory');
  const name = Buffer.from(bytes.subarray(at + 46, at + 46 + nameLength)).toString('utf8');
  const method = view.getUint16(at + 10, true);
  const isEncrypted = (view.getUint16(at + 8, true) & 1) !== 0;
  if (isEncrypted || (method !== 0 && method !== 8)) {
    throw new TorchFileError('TORCH.ZIP_UNSUPPORTED', `an archive entry is encrypted or packed by method ${method}`);
  }
  const long = longFields(view, at + 46 + nameLength, extraLength);
  // The ZIP64 field holds only those numbers that do not fit, in this order.
  const next = (short: number): number => (short === 0xffffffff ? (long.shift() ?? short) : short);
  const size = next(view.getUint32(at + 24, true));
  const compressedSize = next(view.getUint32(at + 20, true));
  const headerOffset = next(view.getUint32(at + 42, true));
  const crc32 = view.getUint32(at + 16, true);
  return { entry: { name, method, crc32, compressedSize, size, headerOffset }, length };
}

/** The 64-bit numbers of an entry's ZIP64 extra field, if it has one. */
function longFields(view: DataView, start: number, length: number): number[] {
  const end = start + length;
  for (let at = start; at + 4 <= end;) {
    const size = view.getUint16(at + 2, true);
    if (at + 4 + size > end) throw broken('an extra field reaches beyond its entry');
    if (view.getUint16(at, true) === 0x0001) {
      return Array.from({ length: Math.floor(size / 8) }, (_, index) => uint64(view, at + 4 + 8 * index));
    }
    at += 4 + size;
  }
  return [];
}

function uint64(view: DataView, at: number): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw broken('an offset or size is beyond what any file has');
  return value;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function broken(what: string): TorchFileError {
  return new TorchFileError('TORCH.ZIP_BROKEN', `the archive is broken: ${what}`);
}
