import { DatasetError } from '../dataset.errors';

/** What the header of a `.npy` member says (NEP 1). */
export interface NpyHeader {
  /** Such as '|u1', '<u2', '<i8', '<U16'. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly itemBytes: number;
  /** Bytes before the first value. */
  readonly headerBytes: number;
}

const MAX_HEADER_BYTES = 65_536;

/** Bytes of the fixed part, from which `npyHeaderBytes` tells how long the header is. */
export const NPY_PREFIX_BYTES = 12;

/** Length of the whole header. @throws DatasetError `DATASET.NPZ`. */
export function npyHeaderBytes(prefix: Buffer): number {
  if (prefix.length < NPY_PREFIX_BYTES || prefix.toString('latin1', 0, 6) !== '\x93NUMPY')
    throw bad('a member is not a NumPy array');
  const major = prefix[6] ?? 0;
  const total = major === 1 ? 10 + prefix.readUInt16LE(8) : 12 + prefix.readUInt32LE(8);
  if (total > MAX_HEADER_BYTES) throw bad(`the header of a member claims ${total} bytes`);
  return total;
}

/** @throws DatasetError `DATASET.NPZ` for Fortran order, objects (pickles are never read) and malformed headers. */
export function parseNpyHeader(header: Buffer): NpyHeader {
  const headerBytes = npyHeaderBytes(header);
  const text = header.toString('latin1', (header[6] ?? 0) === 1 ? 10 : 12, headerBytes);
  const dtype = /'descr':\s*'([^']+)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  if (dtype === undefined || order === undefined || shapeText === undefined)
    throw bad('the header of a member is malformed');
  if (order === 'True') throw bad('a member is in Fortran order');
  const shape = shapeText
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  if (shape.some((length) => !Number.isSafeInteger(length) || length < 0))
    throw bad('the shape of a member is malformed');
  const size = /^[<|=]([buifU])(\d+)$/.exec(dtype);
  if (size === null)
    throw bad(`expected little-endian numbers or text, got type ${JSON.stringify(dtype.slice(0, 16))}`);
  const itemBytes = Number(size[2]) * (size[1] === 'U' ? 4 : 1);
  return { dtype, shape, itemBytes, headerBytes };
}

function bad(what: string): DatasetError {
  return new DatasetError('DATASET.NPZ', `the NPZ archive cannot be read: ${what}`);
}
