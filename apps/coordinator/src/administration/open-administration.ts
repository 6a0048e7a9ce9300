import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase, startEmbeddedPostgres } from '@fedistl/persistence';
import { ConfigError } from '../config/config.errors';
import { type CoordinatorConfig } from '../config/read-config';
import { holdAsService } from './service-lock';

/**
 * Does something with a coordinator's database, on its machine, whether the service runs or not. The embedded PostgreSQL is
 * started when it does not run, and stopped again unless the service has come to need it meanwhile.
 *
 * @throws ConfigError `CONFIG.NO_COORDINATOR`; PersistenceError
 */
export async function withDatabase<T>(config: CoordinatorConfig, work: (database: Database) => Promise<T>): Promise<T> {
  const { dataDirectory, databaseUrl } = config;
  // An administrator on the wrong directory must not find himself with a new, empty coordinator.
  if (!existsSync(join(dataDirectory, 'keys', 'coordinator.key'))) {
    throw new ConfigError(
      'CONFIG.NO_COORDINATOR',
      `FEDISTL_DATA_DIR: expected the data directory of a coordinator that was started before, got ${dataDirectory}`,
    );
  }
  const server =
    databaseUrl === undefined ? await startEmbeddedPostgres({ directory: join(dataDirectory, 'postgres') }) : undefined;
  let mayStop = server?.reused === false;
  try {
    const database = await openDatabase(databaseUrl ?? server?.url ?? '', {
      applicationName: 'fedistl-administration',
      poolSize: 4,
    });
    try {
      return await work(database);
    } finally {
      const release = mayStop ? await holdAsService(database) : undefined;
      mayStop = release !== undefined;
      await release?.();
      await database.close();
    }
  } finally {
    if (mayStop) await server?.stop();
  }
}
