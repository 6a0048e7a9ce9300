import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../database/open-database';
import { canRunPostgres } from '../testing';
import { placeServer } from './placement';
import { findPostgresBinaries } from './postgres-binaries';
import { isAlive, readPostmaster } from './postmaster-file';
import { serverUser } from './server-user';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres';

(canRunPostgres() && findPostgresBinaries() !== undefined ? describe : describe.skip)('the embedded PostgreSQL', () => {
  let directory: string;
  let data: string;
  const started: EmbeddedPostgres[] = [];
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fedistl-embedded-'));
    // As root the server is another account's, which must reach its data.
    await chmod(directory, 0o711);
    data = join(directory, 'data');
  });
  afterAll(async () => {
    for (const server of started) await server.stop();
    await rm(directory, { recursive: true });
  }, 60_000);
  const start = async (): Promise<EmbeddedPostgres> => {
    const server = await startEmbeddedPostgres({ directory, durable: false });
    started.push(server);
    return server;
  };
  const oneRow = async ({ url }: EmbeddedPostgres, sql: string): Promise<unknown> => {
    const database = await openDatabase(url);
    const [row]: unknown[] = await database.source.query(sql);
    await database.close();
    return row;
  };

  it('keeps data and password between starts, and listens on the loopback interface alone', async () => {
    const first = await start();
    await oneRow(first, 'CREATE TABLE kept AS SELECT 7 AS n');
    expect((await stat(join(directory, 'password'))).mode & 0o777).toBe(0o600);
    expect(await oneRow(first, 'SHOW listen_addresses')).toEqual({ listen_addresses: '127.0.0.1' });
    expect(await oneRow(first, 'SHOW data_checksums')).toEqual({ data_checksums: 'on' });
    await first.stop();
    await first.stop();
    expect(await readPostmaster(data)).toBeUndefined();
    const second = await start();
    expect(second.reused).toBe(false);
    expect(await oneRow(second, 'SELECT n FROM kept')).toEqual({ n: 7 });
    const password = (await readFile(join(directory, 'password'), 'utf8')).trim();
    const wrong = second.url.replace(password, 'wrong');
    await expect(openDatabase(wrong)).rejects.toMatchObject({ code: 'PERSISTENCE.UNREACHABLE' });
    await expect(openDatabase(wrong)).rejects.not.toThrow(/wrong/);
  }, 90_000);

  it('sets data aside whose password was deleted, and begins anew', async () => {
    await (await start()).stop();
    await rm(join(directory, 'password'));
    const anew = await start();
    expect(await oneRow(anew, "SELECT to_regclass('kept') AS kept")).toEqual({ kept: null });
    await anew.stop();
    const aside = (await readdir(directory)).filter((name) => name.startsWith('data.set-aside-'));
    expect(aside).toHaveLength(1);
  }, 60_000);

  it('takes over a server that a killed process left running', async () => {
    const left = await start();
    const again = await start();
    expect(again).toMatchObject({ reused: true, port: left.port });
    await again.stop();
  }, 60_000);

  it('recovers when the server itself was killed, whoever has its process number now', async () => {
    const server = await start();
    await oneRow(server, 'CREATE TABLE survives AS SELECT 7 AS n');
    // This server may lose its last commits; what a checkpoint has written it may not.
    await oneRow(server, 'CHECKPOINT');
    const { pid } = (await readPostmaster(data))!;
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    // This process has the number that the note names.
    const note = (await readFile(join(data, 'postmaster.pid'), 'utf8')).replace(/^\d+/, String(process.pid));
    await writeFile(join(data, 'postmaster.pid'), note);
    const again = await start();
    expect(again.reused).toBe(false);
    expect(await oneRow(again, 'SELECT n FROM survives')).toEqual({ n: 7 });
    expect(again.url).not.toBe(server.url.replace('/fedistl', '/other'));
    await again.stop();
  }, 60_000);

  it('starts over when it was interrupted while the cluster was made', async () => {
    const half = await mkdtemp(join(tmpdir(), 'fedistl-embedded-'));
    await chmod(half, 0o711);
    await mkdir(join(half, 'data'));
    await writeFile(join(half, 'data', 'PG_VERSION'), '18\n');
    const server = await startEmbeddedPostgres({ directory: half, durable: false });
    expect(await oneRow(server, 'SELECT 1 AS n')).toEqual({ n: 1 });
    await server.stop();
    await rm(half, { recursive: true });
  }, 60_000);

  it('as root, moves to a folder that the account of the server can enter', async () => {
    const user = await serverUser();
    const hidden = await mkdtemp(join(tmpdir(), 'fedistl-embedded-'));
    const { dataDirectory } = await placeServer(hidden, findPostgresBinaries()!, user);
    expect(dataDirectory.startsWith(hidden)).toBe(user === undefined);
    expect((await placeServer(hidden, findPostgresBinaries()!, user)).dataDirectory).toBe(dataDirectory);
    await rm(hidden, { recursive: true });
    if (user === undefined) return;
    // Its directory is gone: the next one that moves there clears up after it.
    const next = await mkdtemp(join(tmpdir(), 'fedistl-embedded-'));
    await placeServer(next, findPostgresBinaries()!, user);
    await expect(stat(`${dataDirectory}.origin`)).rejects.toMatchObject({ code: 'ENOENT' });
    await rm(next, { recursive: true });
  });
});
