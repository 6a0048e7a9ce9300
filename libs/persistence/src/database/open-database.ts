import 'reflect-metadata';
import { DataSource, type EntityManager } from 'typeorm';
import { entities } from '../entities/index';
import { migrations } from '../migrations/index';
import { PersistenceError } from '../persistence.errors';
import { Repositories } from '../repositories/repositories';
import { SnakeNamingStrategy } from './snake-naming-strategy';

export interface OpenDatabaseOptions {
  /** Greatest number of connections; 10 unless given. */
  readonly poolSize?: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** Called with what goes wrong on idle connections, for instance when the server restarts; they are opened anew. */
  readonly onConnectionError?: (error: unknown) => void;
}

/** A data source over all entities, not yet connected. For tools; services use `openDatabase`. */
export function createDataSource(url: string, options: OpenDatabaseOptions = {}): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities,
    migrations,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'all',
    namingStrategy: new SnakeNamingStrategy(),
    synchronize: false,
    poolSize: options.poolSize ?? 10,
    applicationName: options.applicationName ?? 'fedistl',
    connectTimeoutMS: 10_000,
    poolErrorHandler: options.onConnectionError ?? (() => undefined),
  });
}

/** Keeps two processes from migrating at once; an arbitrary number that is ours. */
const migrationLock = 5_151_001;

/** A connected database whose tables are up to date. */
export class Database {
  /** Each call on its own connection, outside any transaction. */
  readonly repositories: Repositories;

  constructor(readonly source: DataSource) {
    this.repositories = new Repositories(source.manager);
  }

  /**
   * Runs `work` in one transaction (READ COMMITTED) and commits what it did, or nothing when it throws.
   * Use only the repositories that it is given.
   */
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    return this.source.transaction((manager: EntityManager) => work(new Repositories(manager)));
  }

  /** Whether the server answers. @throws what the driver says when it does not */
  async ping(): Promise<void> {
    await this.source.query('SELECT 1');
  }

  async close(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
  }
}

/**
 * Connects, and runs the migrations that are missing. Several processes may start at once: one migrates, the others wait.
 *
 * @param url `postgres://user:password@host:port/database`
 * @throws PersistenceError `PERSISTENCE.UNREACHABLE`, `PERSISTENCE.MIGRATION_FAILED`; the URL, which holds a password, is never
 *   in the message
 */
export async function openDatabase(url: string, options: OpenDatabaseOptions = {}): Promise<Database> {
  const source = createDataSource(url, options);
  try {
    await source.initialize();
  } catch (cause) {
    throw new PersistenceError('PERSISTENCE.UNREACHABLE', `expected a PostgreSQL server, got: ${reasonOf(cause)}`, {
      cause,
    });
  }
  const runner = source.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await source.runMigrations();
    await runner.query('SELECT pg_advisory_unlock($1)', [migrationLock]);
  } catch (cause) {
    await runner.release();
    await source.destroy();
    throw new PersistenceError('PERSISTENCE.MIGRATION_FAILED', `expected the migrations to run: ${reasonOf(cause)}`, {
      cause,
    });
  }
  await runner.release();
  return new Database(source);
}

function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join('; ');
  return cause instanceof Error ? cause.message : String(cause);
}
