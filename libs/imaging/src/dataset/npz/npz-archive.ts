import { open, type FileHandle } from 'node:fs/promises';
import { type Readable } from 'node:stream';
import { createInflateRaw, crc32 } from 'node:zlib';

import { DatasetError } from '../dataset.errors';
import { NPY_PREFIX_BYTES, npyHeaderBytes, parseNpyHeader, type NpyHeader } from './npy-header';
import { dataOffset, readZipDirectory, type ZipEntry } from './zip-directory';

/** A member that must be held whole (labels) may not be larger. */
const MAX_WHOLE_MEMBER_BYTES = 256 << 20;

/** A NumPy archive, read as a stream: one image at a time, whatever the size of the file. */
export class NpzArchive {
  readonly #path: string;
  readonly #entries: ReadonlyMap<string, ZipEntry>;

  private constructor(path: string, entries: ReadonlyMap<string, ZipEntry>) {
    this.#path = path;
    this.#entries = entries;
  }

  /** @throws DatasetError `DATASET.NPZ`. */
  static async open(path: string): Promise<NpzArchive> {
    const file = await open(path, 'r');
    try {
      const entries = await readZipDirectory(file);
      return new NpzArchive(path, new Map(entries.map((entry) => [entry.name.replace(/\.npy$/, ''), entry])));
    } finally {
      await file.close();
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Type and shape of a member. */
  async header(name: string): Promise<NpyHeader> {
    for await (const part of this.#parts(name, () => 0)) return part.header;
    throw new DatasetError('DATASET.NPZ', `the NPZ archive cannot be read: member ${name} is empty`);
  }

  /** Member [n, ...] as n buffers of one row each; the CRC of the archive is checked at the end. */
  async *rows(name: string): AsyncGenerator<Buffer> {
    let yielded = 0;
    let expected = 0;
    for await (const { header, bytes } of this.#parts(name, rowBytes)) {
      expected = header.shape[0] ?? 0;
      if (bytes === null) continue;
      yielded += 1;
      yield bytes;
    }
    if (yielded !== expected) {
      throw new DatasetError(
        'DATASET.NPZ',
        `the NPZ archive cannot be read: member ${name} has ${yielded} of ${expected} rows`,
      );
    }
  }

  /** A member of small numbers (labels), whole, as [n][columns]. */
  async numbers(name: string): Promise<number[][]> {
    const entry = this.#entry(name);
    if (entry.bytes > MAX_WHOLE_MEMBER_BYTES)
      throw new DatasetError('DATASET.NPZ', `member ${name} is too large for labels: ${entry.bytes} bytes`);
    const header = await this.header(name);
    const read = numberReader(header.dtype);
    const table: number[][] = [];
    for await (const row of this.rows(name)) {
      table.push(Array.from({ length: row.length / header.itemBytes }, (_, at) => read(row, at * header.itemBytes)));
    }
    return table;
  }

  #entry(name: string): ZipEntry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new DatasetError('DATASET.NPZ', `the NPZ archive has no member ${name}`);
    return entry;
  }

  /** First the header alone (bytes null), then pieces of `pieceBytes(header)`; none when that is 0. */
  async *#parts(
    name: string,
    pieceBytes: (header: NpyHeader) => number,
  ): AsyncGenerator<{ header: NpyHeader; bytes: Buffer | null }> {
    const entry = this.#entry(name);
    const file = await open(this.#path, 'r');
    try {
      let pending: Buffer = Buffer.alloc(0);
      let header: NpyHeader | null = null;
      let piece = 0;
      let checksum = 0;
      for await (const chunk of await contentStream(file, entry)) {
        checksum = crc32(chunk as Buffer, checksum);
        pending = pending.length === 0 ? (chunk as Buffer) : Buffer.concat([pending, chunk as Buffer]);
        if (header === null) {
          if (pending.length < NPY_PREFIX_BYTES || pending.length < npyHeaderBytes(pending)) continue;
          header = parseNpyHeader(pending);
          pending = pending.subarray(header.headerBytes);
          piece = pieceBytes(header);
          yield { header, bytes: null };
        }
        if (piece === 0) continue;
        let at = 0;
        for (; at + piece <= pending.length; at += piece)
          yield { header, bytes: Buffer.from(pending.subarray(at, at + piece)) };
        pending = pending.subarray(at);
      }
      if (checksum !== entry.crc32) throw new DatasetError('DATASET.NPZ', `member ${name} does not match its checksum`);
    } catch (error) {
      if (error instanceof DatasetError) throw error;
      throw new DatasetError('DATASET.NPZ', `member ${name} cannot be inflated`, { cause: error });
    } finally {
      await file.close();
    }
  }
}

async function contentStream(file: FileHandle, entry: ZipEntry): Promise<Readable> {
  const start = await dataOffset(file, entry);
  const raw = file.createReadStream({
    start,
    end: start + entry.compressedBytes - 1,
    autoClose: false,
    highWaterMark: 1 << 18,
  });
  if (entry.method === 'stored') return raw;
  const inflate = createInflateRaw({ chunkSize: 1 << 18 });
  raw.on('error', (error) => inflate.destroy(error));
  return raw.pipe(inflate);
}

function rowBytes(header: NpyHeader): number {
  return header.shape.slice(1).reduce((product, length) => product * length, header.itemBytes);
}

function numberReader(dtype: string): (row: Buffer, at: number) => number {
  switch (dtype.slice(1)) {
    case 'u1':
    case 'b1':
      return (row, at) => row.readUInt8(at);
    case 'i1':
      return (row, at) => row.readInt8(at);
    case 'u2':
      return (row, at) => row.readUInt16LE(at);
    case 'i2':
      return (row, at) => row.readInt16LE(at);
    case 'i4':
      return (row, at) => row.readInt32LE(at);
    case 'i8':
      return (row, at) => Number(row.readBigInt64LE(at));
    case 'f4':
      return (row, at) => row.readFloatLE(at);
    case 'f8':
      return (row, at) => row.readDoubleLE(at);
    default:
      throw new DatasetError(
        'DATASET.NPZ',
        `expected labels as numbers, got type ${JSON.stringify(dtype.slice(0, 16))}`,
      );
  }
}
