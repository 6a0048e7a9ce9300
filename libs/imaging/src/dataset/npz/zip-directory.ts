import { type FileHandle } from 'node:fs/promises';

import { DatasetError } from '../dataset.errors';

/** One member of a ZIP archive, as its central directory describes it (APPNOTE 4.3.12, 4.5.3). */
export interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly crc32: number;
  readonly localHeaderOffset: number;
}

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX_DIRECTORY_BYTES = 16 << 20;

/**
 * Reads the central directory, ZIP64 included (numpy writes it for members over 4 GiB).
 *
 * @throws DatasetError `DATASET.NPZ` for a file that is not a ZIP archive, or is cut short.
 */
export async function readZipDirectory(file: FileHandle): Promise<ZipEntry[]> {
  const { size } = await file.stat();
  const { offset, bytes, entries } = await findDirectory(file, size);
  if (bytes > MAX_DIRECTORY_BYTES || offset + bytes > size) throw corrupt('its directory does not fit in the file');
  const directory = await readExactly(file, offset, bytes);
  const found: ZipEntry[] = [];
  let at = 0;
  while (found.length < entries) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== CENTRAL) throw corrupt('its directory is damaged');
    const nameBytes = directory.readUInt16LE(at + 28);
    const extraBytes = directory.readUInt16LE(at + 30);
    const end = at + 46 + nameBytes + extraBytes + directory.readUInt16LE(at + 32);
    if (end > directory.length) throw corrupt('its directory is damaged');
    found.push(readEntry(directory.subarray(at, end), nameBytes, extraBytes));
    at = end;
  }
  return found;
}

/** Offset of a member's data: the local header has lengths of its own. */
export async function dataOffset(file: FileHandle, entry: ZipEntry): Promise<number> {
  const header = await readExactly(file, entry.localHeaderOffset, 30);
  if (header.readUInt32LE(0) !== LOCAL) throw corrupt('a member does not begin where the directory says');
  return entry.localHeaderOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function findDirectory(
  file: FileHandle,
  size: number,
): Promise<{ offset: number; bytes: number; entries: number }> {
  const tailBytes = Math.min(size, 65_557);
  const tail = await readExactly(file, size - tailBytes, tailBytes);
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at -= 1;
  if (at < 0) throw corrupt('it has no end record: not a ZIP archive, or cut short');
  const plain = {
    entries: tail.readUInt16LE(at + 10),
    bytes: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  };
  if (at < 20 || tail.readUInt32LE(at - 20) !== END64_LOCATOR) return plain;
  const end64 = await readExactly(file, Number(tail.readBigUInt64LE(at - 12)), 56);
  if (end64.readUInt32LE(0) !== END64) throw corrupt('its 64-bit end record is damaged');
  return {
    entries: Number(end64.readBigUInt64LE(32)),
    bytes: Number(end64.readBigUInt64LE(40)),
    offset: Number(end64.readBigUInt64LE(48)),
  };
}

function readEntry(record: Buffer, nameBytes: number, extraBytes: number): ZipEntry {
  const method = record.readUInt16LE(10);
  if (method !== 0 && method !== 8) throw corrupt(`expected members stored or deflated, got method ${method}`);
  if ((record.readUInt16LE(8) & 1) !== 0) throw corrupt('its members are encrypted');
  const wide = wideFields(record.subarray(46 + nameBytes, 46 + nameBytes + extraBytes));
  const field = (at: number): number => {
    const value = record.readUInt32LE(at);
    return value === 0xffffffff ? (wide.shift() ?? value) : value;
  };
  // The order in which the 64-bit values stand: size, compressed size, offset.
  const bytes = field(24);
  const compressedBytes = field(20);
  const localHeaderOffset = field(42);
  const name = record.toString('utf8', 46, 46 + nameBytes);
  return {
    name,
    method: method === 0 ? 'stored' : 'deflated',
    compressedBytes,
    bytes,
    crc32: record.readUInt32LE(16),
    localHeaderOffset,
  };
}

/** Values of the ZIP64 extra field (id 1). */
function wideFields(extra: Buffer): number[] {
  const values: number[] = [];
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) {
      for (let inner = at + 4; inner + 8 <= Math.min(at + 4 + length, extra.length); inner += 8) {
        values.push(Number(extra.readBigUInt64LE(inner)));
      }
    }
    at += 4 + length;
  }
  return values;
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  if (bytesRead !== length) throw corrupt('it is cut short');
  return buffer;
}

function corrupt(what: string): DatasetError {
  return new DatasetError('DATASET.NPZ', `the NPZ archive cannot be read: ${what}`);
}
