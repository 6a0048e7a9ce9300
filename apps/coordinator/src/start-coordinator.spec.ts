import { mkdtemp, rm, stat } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canRunPostgres, openTestDatabase } from '@fedistl/persistence/testing';
import { apiBasePath, type Endpoint, endpoints } from '@fedistl/protocol';
import { runAdministration } from './administration/run-administration';
import { readConfig } from './config/read-config';
import { createLogger } from './logging/create-logger';
import { startCoordinator } from './start-coordinator';
import { TestCoordinator } from './testing/test-coordinator';

const describeWithPostgres = canRunPostgres() ? describe : describe.skip;
const silent = createLogger({ logLevel: 'fatal' });

/** A POST whose body comes in two parts. */
function slowPost(
  url: string,
  body: string,
): { answer: Promise<IncomingMessage>; finish: () => void; begun: Promise<void> } {
  const outgoing = request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': body.length },
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
  });
  answer.catch(() => undefined);
  const begun = new Promise<void>((resolve) => {
    outgoing.write(body.slice(0, 5), () => {
      resolve();
    });
  });
  return { answer, begun, finish: () => outgoing.end(body.slice(5)) };
}

describeWithPostgres('startCoordinator', () => {
  let coordinator: TestCoordinator;
  const challenges = () => `${coordinator.url}${apiBasePath}/site-sessions/challenges`;
  const get = (path: string) => fetch(`${coordinator.url}${apiBasePath}/${path}`);

  beforeAll(async () => {
    coordinator = await TestCoordinator.start({ FEDISTL_SHUTDOWN_SECONDS: '1' });
  }, 120_000);

  afterAll(async () => {
    await coordinator.dispose();
  });

  it('keeps its identity, and shows a first token once', async () => {
    const card = await coordinator.call('coordinatorCard');
    expect(card.identity.name).toBe('spec.fedistl');
    const token = coordinator.administrator;
    await coordinator.stop();
    await coordinator.resume();
    expect(await coordinator.call('coordinatorCard')).toEqual(card);
    expect(coordinator.administrator).toBe(token);
    await coordinator.call('me', { token });
    for (const name of ['coordinator.key', 'unlock-secret']) {
      expect((await stat(join(coordinator.config.dataDirectory, 'keys', name))).mode & 0o777).toBe(0o600);
    }
  });

  it('finishes the request that runs, and takes no other, before it stops', async () => {
    const { answer, begun, finish } = slowPost(challenges(), '{"siteId":"seoul"}');
    await begun;
    // The server has the request once it answers another that came later on a connection of its own.
    await get('health/live');
    const address = coordinator.url;
    let stopped = false;
    const stopping = coordinator.stop().then(() => (stopped = true));
    finish();
    const response = await answer;
    expect(response.statusCode).toBe(201);
    response.resume();
    await stopping;
    expect(stopped).toBe(true);
    await expect(fetch(address)).rejects.toThrow();
    await coordinator.resume();
  });

  it('cuts a request that does not end in time', async () => {
    const { answer, begun } = slowPost(challenges(), '{"siteId":"seoul"}');
    await begun;
    await get('health/live');
    await coordinator.stop();
    await expect(answer).rejects.toThrow();
    await coordinator.resume();
  });

  it('says which variable is wrong when it cannot listen, and leaves nothing open', async () => {
    const port = Number(new URL(coordinator.url).port);
    const taken = { ...coordinator.config, port };
    await expect(startCoordinator(taken, silent)).rejects.toMatchObject({
      code: 'CONFIG.CANNOT_LISTEN',
      message: expect.stringMatching(/FEDISTL_PORT.*EADDRINUSE/) as string,
    });
    await coordinator.call('me', { token: coordinator.administrator });
  });

  it('does not start without its database, and keeps the password to itself', async () => {
    const config = { ...coordinator.config, databaseUrl: 'postgres://user:hunter2@127.0.0.1:1/none' };
    const error = await startCoordinator(config, silent).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'PERSISTENCE.UNREACHABLE' });
    expect(String(error)).not.toContain('hunter2');
  });

  it('does not start on a directory that is a file, and names the variable', async () => {
    const file = join(coordinator.config.dataDirectory, 'keys', 'coordinator.key');
    const starting = startCoordinator({ ...coordinator.config, port: 0, dataDirectory: file }, silent);
    await expect(starting).rejects.toMatchObject({
      code: 'CONFIG.DATA_DIRECTORY',
      message: expect.stringMatching(/^FEDISTL_DATA_DIR: expected .* got .*coordinator\.key: EEXIST/) as string,
    });
  });

  it('does not start with a key file that another secret opens', async () => {
    const config = { ...coordinator.config, port: 0, keySecret: 'another secret of more than 32 characters' };
    await expect(startCoordinator(config, silent)).rejects.toMatchObject({
      code: expect.stringMatching(/^KEY_FILE\./) as string,
    });
  });

  it('tells its metrics', async () => {
    await get('health/live');
    const text = await (await get('metrics')).text();
    for (const name of [
      'fedistl_http_request_seconds_count{method="GET",route="/api/v1/health/live",status="200"}',
      'fedistl_sites_connected 0',
      'fedistl_upload_bytes_total',
      'fedistl_nodejs_eventloop_lag_seconds',
      'fedistl_process_resident_memory_bytes',
    ]) {
      expect(text).toContain(name);
    }
    expect(text).toContain('# TYPE fedistl_rounds gauge');
    expect(text).toContain('# TYPE fedistl_jobs gauge');
  });

  it('publishes every endpoint of the table, and a page that needs no script', async () => {
    const document = (await (await get('openapi.json')).json()) as { paths: Record<string, Record<string, unknown>> };
    for (const [name, { method, path }] of Object.entries<Endpoint>(endpoints)) {
      const entry = document.paths[path.replace(/:([A-Za-z]+)/g, '{$1}')]?.[method.toLowerCase()];
      expect(entry).toMatchObject({ operationId: name });
    }
    expect(document.paths).toHaveProperty('/blobs/{hash}');
    const page = await get('docs');
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const html = await page.text();
    expect(html).not.toMatch(/<script|https?:\/\//);
    expect(html).toContain('GET /site/work');
  });

  it('is alive but not ready while the database is away', async () => {
    const database = await openTestDatabase();
    const other = await TestCoordinator.start({ DATABASE_URL: database.url });
    const ready = () => fetch(`${other.url}${apiBasePath}/health/ready`);
    expect((await ready()).status).toBe(200);
    await database.dispose();
    const response = await ready();
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([503, 'HTTP.NOT_READY']);
    expect((await fetch(`${other.url}${apiBasePath}/health/live`)).status).toBe(200);
    await other.dispose();
  });
});

describeWithPostgres('a coordinator with a database of its own', () => {
  it('is the only one of its data directory, and stays up when another tries', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'fedistl-own-'));
    const config = readConfig({ FEDISTL_DATA_DIR: directory, FEDISTL_PORT: '0' });
    const first = await startCoordinator(config, silent);
    try {
      await expect(startCoordinator(config, silent)).rejects.toMatchObject({
        code: 'CONFIG.RUNNING',
        message: expect.stringContaining(directory) as string,
      });
      expect((await fetch(`${first.url}${apiBasePath}/health/ready`)).status).toBe(200);
      // Nor does an administrator's command take the database away.
      await runAdministration('token', ['token', '--name', 'Kim'], config);
      expect((await fetch(`${first.url}${apiBasePath}/health/ready`)).status).toBe(200);
    } finally {
      await first.stop();
    }
    const [line] = await runAdministration('token', ['token', '--name', 'Kim', '--json'], config);
    const second = await startCoordinator(config, silent);
    try {
      expect(second.firstToken).toBeUndefined();
      const { token } = JSON.parse(line ?? '') as { token: string };
      const headers = { authorization: `Bearer ${token}` };
      expect((await fetch(`${second.url}${apiBasePath}/me`, { headers })).status).toBe(200);
    } finally {
      await second.stop();
      await rm(directory, { recursive: true });
    }
  }, 180_000);
});
