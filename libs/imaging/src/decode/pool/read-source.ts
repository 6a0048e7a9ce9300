import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { DecodeError } from '../decode.errors';

/**
 * Reads a regular file. Pipes and devices are refused, because they may never end.
 *
 * @throws DecodeError IMAGING.UNREADABLE with the system's error code, IMAGING.TOO_LARGE. Neither says the path: hospitals
 *   put patients' names into file names.
 */
export function readImageFile(path: string, maxFileBytes: number): Uint8Array {
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would hold the thread in the kernel, beyond any time limit.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new DecodeError('IMAGING.UNREADABLE', 'expected a regular file');
    if (stat.size > maxFileBytes) {
      throw new DecodeError('IMAGING.TOO_LARGE', `expected a file of at most ${maxFileBytes} bytes, got ${stat.size}`);
    }
    const bytes = new Uint8Array(stat.size);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(descriptor, bytes, filled, bytes.length - filled, null);
      if (count === 0) throw new DecodeError('IMAGING.UNREADABLE', 'the file became shorter while it was read');
      filled += count;
    }
    return bytes;
  } catch (error) {
    if (error instanceof DecodeError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new DecodeError('IMAGING.UNREADABLE', `the file cannot be read (${code})`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
