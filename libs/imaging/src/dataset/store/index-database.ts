import { closeSync, existsSync, openSync } from 'node:fs';

import Database from 'libsql';

import { DatasetError } from '../dataset.errors';
import { INDEX_MIGRATIONS, type IndexMigration } from './index-migrations';

/** Values that may be bound. No boolean (the driver aborts the process on one) and no undefined: null says absent. */
export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

interface PreparedStatement {
  run(...parameters: SqlValue[]): { changes: number; lastInsertRowid: number | bigint };
  get(...parameters: SqlValue[]): unknown;
  all(...parameters: SqlValue[]): unknown[];
  iterate(...parameters: SqlValue[]): IterableIterator<unknown>;
}

/**
 * The embedded index of one data set (SQLite file format, through libsql), in write-ahead mode.
 *
 * `synchronous = NORMAL`: after a power cut the last transactions may be gone but the file is consistent; the importer
 * then simply does those images again. Readers are not blocked by a running import.
 */
export class IndexDatabase {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, PreparedStatement>();

  private constructor(database: Database.Database) {
    this.#database = database;
  }

  /** Opens or creates the index and brings its schema up to date. @throws DatasetError `DATASET.INDEX_VERSION`, `DATASET.INDEX`. */
  static open(file: string, migrations: readonly IndexMigration[] = INDEX_MIGRATIONS): IndexDatabase {
    return IndexDatabase.#openFile(file, migrations);
  }

  /** Opens an index that must exist. @throws DatasetError `DATASET.NOT_FOUND`. */
  static openExisting(file: string, name: string): IndexDatabase {
    if (!existsSync(file))
      throw new DatasetError('DATASET.NOT_FOUND', `there is no data set named ${name} in this data directory`);
    return IndexDatabase.#openFile(file, INDEX_MIGRATIONS);
  }

  static #openFile(file: string, migrations: readonly IndexMigration[]): IndexDatabase {
    // Made here with its mode, which the driver's own files beside it take over: a copied index stays unreadable to others.
    if (file !== ':memory:') closeSync(openSync(file, 'a', 0o600));
    const database = new Database(file);
    try {
      database.exec('PRAGMA busy_timeout = 5000');
      database.pragma('journal_mode = WAL');
      database.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
      migrate(database, migrations);
    } catch (error) {
      database.close();
      if (error instanceof DatasetError) throw error;
      throw new DatasetError('DATASET.INDEX', `the index cannot be opened: ${(error as Error).message}`, {
        cause: error,
      });
    }
    return new IndexDatabase(database);
  }

  run(sql: string, ...parameters: SqlValue[]): { changes: number; id: number } {
    const result = this.#prepare(sql).run(...parameters);
    return { changes: result.changes, id: Number(result.lastInsertRowid) };
  }

  get(sql: string, ...parameters: SqlValue[]): SqlRow | undefined {
    return this.#prepare(sql).get(...parameters) as SqlRow | undefined;
  }

  all(sql: string, ...parameters: SqlValue[]): SqlRow[] {
    return this.#prepare(sql).all(...parameters) as SqlRow[];
  }

  iterate(sql: string, ...parameters: SqlValue[]): IterableIterator<SqlRow> {
    return this.#prepare(sql).iterate(...parameters) as IterableIterator<SqlRow>;
  }

  /** All or nothing; the write lock is taken at once, so that a reader turned writer cannot deadlock. */
  transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): PreparedStatement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare<SqlValue[]>(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function migrate(database: Database.Database, migrations: readonly IndexMigration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  const current = userVersion(database);
  if (current > newest) {
    throw new DatasetError(
      'DATASET.INDEX_VERSION',
      `the index has schema version ${current}, this release knows up to ${newest}: use a newer fedistl`,
    );
  }
  for (const migration of migrations.filter((step) => step.version > current)) {
    database.exec('BEGIN IMMEDIATE');
    try {
      // Read again under the lock: another process may have done this step meanwhile.
      if (userVersion(database) < migration.version) {
        database.exec(migration.sql);
        database.exec(`PRAGMA user_version = ${migration.version}`);
      }
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }
}

function userVersion(database: Database.Database): number {
  const [row] = database.pragma('user_version') as { user_version: number }[];
  return row?.user_version ?? 0;
}
