import { DatasetError } from './dataset.errors';

/**
 * Runs work on the data directory; a refusal of the operating system (no space, no right, read-only) becomes
 * `DATASET.STORAGE`, with its code and without the path.
 */
export function onStorage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof DatasetError || code === undefined) throw error;
    throw new DatasetError('DATASET.STORAGE', `the data directory cannot be read or written (${code})`, {
      details: { code },
    });
  }
}
