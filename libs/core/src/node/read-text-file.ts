import { FileSource } from './file-source';
import { FileError } from './file.errors';

export interface ReadTextLimits {
  /** Longest file, in bytes. Default: 256 MiB. */
  readonly maxBytes?: number;
}

/**
 * The whole of a UTF-8 file. A byte-order mark is kept.
 *
 * @throws FileError `FILE.NOT_FOUND`, `FILE.NOT_PERMITTED`, `FILE.IS_DIRECTORY`, `FILE.READ_FAILED`, `FILE.TOO_LARGE`,
 *   `FILE.NOT_UTF8`.
 */
export async function readTextFile(path: string, limits: ReadTextLimits = {}): Promise<string> {
  const { maxBytes = 256 * 2 ** 20 } = limits;
  const source = await FileSource.open(path);
  try {
    if (source.size > maxBytes) {
      throw new FileError('FILE.TOO_LARGE', `expected at most ${maxBytes} bytes in ${path}, got ${source.size}`);
    }
    return decode(await source.read(0, source.size), path);
  } finally {
    await source.close();
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new FileError('FILE.NOT_UTF8', `expected ${path} to be UTF-8 text`, { cause });
  }
}
