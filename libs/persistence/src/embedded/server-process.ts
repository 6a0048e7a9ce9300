import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, unlink, writeFile, chown } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PersistenceError } from '../persistence.errors';
import { type PostgresBinaries } from './postgres-binaries';
import { isAlive, isPostgres, readPostmaster } from './postmaster-file';
import { type ServerUser } from './server-user';

/** Name of the database owner and of the database. */
export const databaseUser = 'fedistl';

/** The server's own messages and times do not depend on the machine's language. */
const environment = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };

interface InitRequest {
  readonly binaries: PostgresBinaries;
  readonly dataDirectory: string;
  readonly password: string;
  readonly user: ServerUser | undefined;
  readonly durable: boolean;
}

/**
 * Makes a new cluster in an empty directory: UTF-8, checksums, passwords by SCRAM.
 *
 * @throws PersistenceError `PERSISTENCE.SERVER_FAILED` with what initdb said
 */
export async function initialiseCluster({
  binaries,
  dataDirectory,
  password,
  user,
  durable,
}: InitRequest): Promise<void> {
  const passwordFile = join(dirname(dataDirectory), `.init-${process.pid}-${Date.now()}`);
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (user !== undefined) await chown(passwordFile, user.uid, user.gid);
  const options = ['-D', dataDirectory, '-U', databaseUser, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const flags = ['--encoding=UTF8', '--locale=C', '--data-checksums', ...(durable ? [] : ['--no-sync'])];
  try {
    await new Promise<void>((done, failed) => {
      const child = spawn(binaries.initdb, [...options, ...flags], { ...user, env: environment });
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
      child.stdout.resume();
      child.on('error', failed);
      child.on('close', (code) => {
        if (code === 0) done();
        else
          failed(new PersistenceError('PERSISTENCE.SERVER_FAILED', `expected initdb to succeed, got ${code}: ${said}`));
      });
    });
  } finally {
    await unlink(passwordFile);
  }
}

/** A port of the loopback interface that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}

interface LaunchRequest {
  readonly binaries: PostgresBinaries;
  readonly dataDirectory: string;
  readonly logFile: string;
  readonly port: number;
  readonly user: ServerUser | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Starts the server, on the loopback interface only. It leads a process group of its own, so that Ctrl-C reaches us and not
 * the server that we still need to shut down in order; its messages go to a file, which outlives us.
 */
export function launchServer({ binaries, dataDirectory, logFile, port, user, settings }: LaunchRequest): number {
  const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(logFile, 'a', 0o600);
  try {
    const child = spawn(binaries.postgres, ['-D', dataDirectory, '-p', String(port), ...options], {
      ...user,
      env: environment,
      cwd: dirname(dataDirectory),
      detached: true,
      stdio: ['ignore', log, log],
    });
    // A failure to start shows as a missing process; without a listener it would end ours.
    child.on('error', () => undefined);
    child.unref();
    return child.pid ?? 0;
  } finally {
    closeSync(log);
  }
}

/** The end of the server's log, for messages. */
export async function logTail(logFile: string): Promise<string> {
  return (await readFile(logFile, 'utf8').catch(() => '')).slice(-1500).trim();
}

/** Ends a server in order (`SIGINT`: sessions are cut, nothing is lost) and waits; after `limitMs` it is cut off. */
export async function stopServer(dataDirectory: string, limitMs = 30_000): Promise<void> {
  const noted = await readPostmaster(dataDirectory);
  if (noted === undefined || !(await isPostgres(noted.pid))) return;
  process.kill(noted.pid, 'SIGINT');
  for (let waited = 0; isAlive(noted.pid); waited += 50) {
    // SIGQUIT: an immediate stop, from which the server recovers by its log.
    if (waited === limitMs) process.kill(noted.pid, 'SIGQUIT');
    await delay(50);
  }
}
