import { type FileHandle, open } from 'node:fs/promises';
import { type RandomAccessSource } from '../safetensors/reader';
import { FileError, toFileError } from './file.errors';

/** A regular file opened for reading anywhere. Close it. */
export class FileSource implements RandomAccessSource {
  readonly path: string;
  readonly size: number;
  readonly #file: FileHandle;

  private constructor(path: string, size: number, file: FileHandle) {
    this.path = path;
    this.size = size;
    this.#file = file;
  }

  /** @throws FileError `FILE.NOT_FOUND`, `FILE.NOT_PERMITTED`, `FILE.IS_DIRECTORY`, `FILE.READ_FAILED`. */
  static async open(path: string): Promise<FileSource> {
    let file: FileHandle;
    try {
      file = await open(path, 'r');
    } catch (cause) {
      throw toFileError(cause, 'read', path);
    }
    try {
      const stats = await file.stat();
      if (stats.isDirectory()) throw new FileError('FILE.IS_DIRECTORY', `cannot read ${path}: it is a directory`);
      if (!stats.isFile()) throw new FileError('FILE.READ_FAILED', `cannot read ${path}: it is not a regular file`);
      return new FileSource(path, stats.size, file);
    } catch (cause) {
      await file.close();
      throw toFileError(cause, 'read', path);
    }
  }

  /** The `length` bytes from `offset`; fewer where the file has ended. @throws FileError `FILE.READ_FAILED`. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    // Of its own ArrayBuffer, and so aligned for every element type.
    const bytes = new Uint8Array(length);
    let at = 0;
    try {
      while (at < length) {
        // One call of read(2) moves at most about 2 GiB, and may move less.
        const { bytesRead } = await this.#file.read(bytes, at, Math.min(length - at, 2 ** 30), offset + at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
    } catch (cause) {
      throw toFileError(cause, 'read', this.path);
    }
    return at === length ? bytes : bytes.subarray(0, at);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
