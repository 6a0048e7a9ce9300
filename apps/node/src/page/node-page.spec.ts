import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DataPaths, dataPaths } from '../config/data-paths';
import { NodePage, type PageSource } from './node-page';

const root = mkdtempSync(path.join(tmpdir(), 'fedistl-page-'));

afterAll(() => {
  rmSync(root, { recursive: true });
});

interface Asked {
  readonly method?: 'GET' | 'POST';
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly code: unknown;
}

describe('the local page', () => {
  let paths: DataPaths;
  let page: NodePage;
  let paused: string | null;
  let token: string;

  const source: PageSource = {
    status: () => Promise.resolve({ siteId: 'site-a', paused }),
    egress: () => ({ head: 'h', entries: [] }),
    pause: (reason) => Promise.resolve({ paused: (paused = reason) }),
    resume: () => Promise.resolve({ paused: (paused = null) }),
  };

  beforeEach(async () => {
    paused = null;
    paths = dataPaths(mkdtempSync(path.join(root, 'site-')));
    page = await NodePage.start(paths, 0, source);
    token = readFileSync(paths.controlToken, 'utf8').trim();
  });

  afterEach(() => page.stop());

  const port = (): string => new URL(page.url).port;

  /** Over a plain request: `fetch` sets `Host` and `Origin` by itself. */
  function ask({ method = 'GET', path: where = '/status', headers = {}, body }: Asked = {}): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: port(), method, path: where, headers, agent: false };
      const sent = request(options, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString();
          const json = response.headers['content-type'] === 'application/json';
          const { code } = (json ? JSON.parse(text) : {}) as { code?: unknown };
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, code });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  const pause = (headers: Record<string, string>, body = '{"reason":"service"}'): Promise<Answered> =>
    ask({ method: 'POST', path: '/pause', headers, body });
  const bearer = (): Record<string, string> => ({ authorization: `Bearer ${token}` });

  it('listens on loopback only, and says where', () => {
    expect(page.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(JSON.parse(readFileSync(paths.control, 'utf8'))).toEqual({
      format: 'fedistl-node-control/1',
      url: page.url,
      pid: process.pid,
    });
  });

  it.each([
    ['a name that was bound to 127.0.0.1', (at: string) => `attacker.example:${at}`],
    ['a name with ours in front', (at: string) => `127.0.0.1.attacker.example:${at}`],
    ['our name with another port', () => '127.0.0.1:1'],
    ['our name without a port', () => '127.0.0.1'],
    ['the address that stands for every one', (at: string) => `0.0.0.0:${at}`],
  ])('answers nothing under %s, with the token or without', async (_, host) => {
    const headers = { host: host(port()) };
    for (const where of ['/', '/page.js', '/status', '/egress']) {
      const { status, code, text } = await ask({ path: where, headers });
      expect([where, status, code]).toEqual([where, 421, 'NODE.WRONG_HOST']);
      expect(text).not.toContain('site-a');
    }
    expect(await pause({ ...headers, ...bearer() })).toMatchObject({ status: 421, code: 'NODE.WRONG_HOST' });
    expect(paused).toBeNull();
  });

  it('answers under both names of this machine', async () => {
    for (const name of ['127.0.0.1', 'localhost']) {
      const { status, text } = await ask({ headers: { host: `${name}:${port()}` } });
      expect([status, JSON.parse(text)]).toEqual([200, { siteId: 'site-a', paused: null }]);
    }
  });

  it.each([
    ['none', () => ({})],
    ['an empty one', () => ({ authorization: 'Bearer ' })],
    ['one of the same length', (held: string) => ({ authorization: `Bearer ${'A'.repeat(held.length)}` })],
    ['the first characters', (held: string) => ({ authorization: `Bearer ${held.slice(0, -1)}` })],
    ['more than it', (held: string) => ({ authorization: `Bearer ${held}A` })],
    ['another scheme', (held: string) => ({ authorization: `Basic ${held}` })],
    ['a cookie', (held: string) => ({ cookie: `token=${held}` })],
  ])('neither pauses nor resumes with %s for a token', async (_, headers) => {
    expect(await pause(headers(token))).toMatchObject({ status: 403, code: 'NODE.NO_TOKEN' });
    const resumed = await ask({ method: 'POST', path: '/resume', headers: headers(token), body: '{}' });
    expect(resumed).toMatchObject({ status: 403, code: 'NODE.NO_TOKEN' });
    expect(paused).toBeNull();
  });

  it.each(['http://attacker.example', 'null', 'https://localhost', 'http://127.0.0.1:1'])(
    'does not act for a page of the origin %s, even with the token',
    async (origin) => {
      expect(await pause({ ...bearer(), origin })).toMatchObject({ status: 403, code: 'NODE.NO_TOKEN' });
      expect(paused).toBeNull();
    },
  );

  it('pauses and resumes with the token, from its own page or from a program', async () => {
    expect(await pause({ ...bearer(), origin: page.url }, '{"reason":"점검"}')).toMatchObject({ status: 200 });
    expect(paused).toBe('점검');
    expect(await ask({ method: 'POST', path: '/resume', headers: bearer() })).toMatchObject({ status: 200 });
    expect(paused).toBeNull();
  });

  it.each([
    ['no JSON', 'reason=service'],
    ['no reason', '{}'],
    ['a blank reason', '{"reason":"  "}'],
    ['another member', '{"reason":"service","studyId":"s"}'],
    ['more than it reads', JSON.stringify({ reason: 'x'.repeat(100_000) })],
  ])('refuses a pause with %s', async (_, body) => {
    expect(await pause(bearer(), body)).toMatchObject({ status: 400, code: 'NODE.BAD_REQUEST' });
    expect(paused).toBeNull();
  });

  it('has no other pages, and no action by GET', async () => {
    for (const where of ['/policy.json', '/control.token', '/../control.token', '//', '/pause', '/resume']) {
      expect([where, await ask({ path: where, headers: bearer() })]).toMatchObject([where, { status: 404 }]);
    }
    expect(await ask({ method: 'POST', path: '/status', headers: bearer() })).toMatchObject({ status: 404 });
  });

  it('lets a browser run its own script and style, and nothing else, on every answer', async () => {
    for (const where of ['/', '/page.css', '/page.js', '/status', '/egress', '/nothing']) {
      const { headers } = await ask({ path: where });
      const policy = (headers['content-security-policy'] as string).split('; ');
      expect(policy).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "connect-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
        ]),
      );
      expect(policy.join(' ')).not.toMatch(/unsafe|\*|https?:/);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  it('keeps what its policy forbids out of the page: no inline script, style or handler', async () => {
    const { text } = await ask({ path: '/' });
    expect(text).toContain('<script src="/page.js">');
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:/);
    expect((await ask({ path: '/page.js' })).text).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/,
    );
  });

  it('says nothing of an error inside', async () => {
    await page.stop();
    const failing = { ...source, status: () => Promise.reject(new Error(`cannot read ${paths.directory}`)) };
    page = await NodePage.start(paths, 0, failing);
    const { status, code, text } = await ask();
    expect([status, code]).toEqual([500, 'NODE.UNEXPECTED']);
    expect(text).not.toContain(paths.directory);
  });

  it('keeps its token over restarts, for its owner alone, and another for each directory', async () => {
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(statSync(paths.controlToken).mode & 0o777).toBe(0o600);
    await page.stop();
    expect(() => statSync(paths.control)).toThrow('ENOENT');
    page = await NodePage.start(paths, 0, source);
    expect(readFileSync(paths.controlToken, 'utf8').trim()).toBe(token);
    const other = dataPaths(path.join(paths.directory, 'other'));
    mkdirSync(other.directory);
    await (await NodePage.start(other, 0, source)).stop();
    expect(readFileSync(other.controlToken, 'utf8').trim()).not.toBe(token);
  });

  it('names a port that is taken', async () => {
    const taken = NodePage.start(dataPaths(mkdtempSync(path.join(root, 'site-'))), Number(port()), source);
    await expect(taken).rejects.toMatchObject({
      code: 'NODE.PAGE_PORT',
      message: expect.stringContaining(port()) as string,
    });
  });
});
