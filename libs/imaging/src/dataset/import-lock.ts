import Database from 'libsql';

import { DatasetError } from './dataset.errors';

/**
 * Keeps two imports out of one data set.
 *
 * The lock is an exclusive transaction on an empty database: the operating system drops it when the process dies, however
 * it dies, so that no stale lock file can stand in the way of resuming.
 *
 * @throws DatasetError `DATASET.BUSY` when another import runs.
 */
export function acquireImportLock(file: string, name: string): { release(): void } {
  const database = new Database(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY') === true) {
      throw new DatasetError(
        'DATASET.BUSY',
        `data set ${name} is being imported by another process: wait for it to end`,
      );
    }
    throw error;
  }
  return {
    release: () => {
      database.exec('ROLLBACK');
      database.close();
    },
  };
}
