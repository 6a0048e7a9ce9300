import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import { type Database, openDatabase } from '../database/open-database';
import { findPostgresBinaries, platformPackage } from '../embedded/postgres-binaries';
import { throwAwayServer } from './throw-away-server';

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  /** Closes the connections and drops the database. */
  dispose(): Promise<void>;
}

/**
 * Whether a PostgreSQL server can run here; says so when it cannot. Use it as
 * `const describeWithPostgres = canRunPostgres() ? describe : describe.skip`.
 */
export function canRunPostgres(): boolean {
  const found = process.env['FEDISTL_TEST_DATABASE_URL'] !== undefined || findPostgresBinaries() !== undefined;
  if (!found) process.stderr.write(`SKIPPED: no PostgreSQL server (${platformPackage()} is not installed)\n`);
  return found;
}

/** A new, migrated database for one spec file, on this worker's throw-away server or `FEDISTL_TEST_DATABASE_URL`. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = process.env['FEDISTL_TEST_DATABASE_URL'] ?? (await throwAwayServer()).url;
  const name = `spec_${randomBytes(6).toString('hex')}`;
  await administer(server, `CREATE DATABASE "${name}"`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const database = await openDatabase(url.href, { poolSize: 10 });
  return {
    database,
    url: url.href,
    dispose: async () => {
      await database.close();
      await administer(server, `DROP DATABASE "${name}" WITH (FORCE)`);
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const source = new DataSource({ type: 'postgres', url, poolSize: 1 });
  await source.initialize();
  try {
    await source.query(statement);
  } finally {
    await source.destroy();
  }
}
