import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { endianness } from 'node:os';
import { pipeline } from 'node:stream/promises';

import { type ArrayPixels } from './source/source-item';

/** sha256 (hex) of a file's bytes, streamed; null when the file cannot be read. */
export async function hashFile(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return null;
  }
  return hash.digest('hex');
}

/** Hashes of an archive's image: of its stored values, and of those with their shape, which stands in for a file's hash. */
export function hashArray(array: ArrayPixels): { contentSha256: string; storedSha256: string } {
  const storedSha256 = createHash('sha256').update(littleEndianBytes(array.values)).digest('hex');
  const shape = `${array.height}x${array.width}x${array.channels}`;
  return { contentSha256: createHash('sha256').update(`${shape}:${storedSha256}`).digest('hex'), storedSha256 };
}

/** The bytes of an array as every file of fedistl stores them; a view on the same memory where the machine agrees. */
export function littleEndianBytes(values: Uint8Array | Uint16Array): Uint8Array {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return values instanceof Uint16Array && endianness() === 'BE' ? Buffer.from(bytes).swap16() : bytes;
}
