import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpsServer } from 'node:https';
import { type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileStore } from '@tus/file-store';
import { Server as TusServer } from '@tus/server';
import { Server as SocketServer } from 'socket.io';
import { z } from 'zod';
import { isTransient } from '../../client.errors';
import { RestClient } from '../../rest/rest-client';
import { fixedToken } from '../../rest/token-source';
import { SiteSocket } from '../../socket/site-socket';
import { ConnectProxy, type ConnectProxyOptions } from '../testing/connect-proxy';
import { TestAuthority } from '../testing/test-authority';
import { downloadBlob } from '../transfer/download-blob';
import { uploadBlob } from '../transfer/upload-blob';
import { openRoute, type Route } from './open-route';
import { type RouteConventions, routeConventions, type RouteSettings, routeSettings } from './route-settings';

/** A name that only the proxy can find (RFC 6761: .test is in no public name service). */
const HOST = 'coordinator.test';
const BASE = `https://${HOST}`;
const CREDENTIALS = 'kim:hunter2';
const ANSWER = z.object({ method: z.string(), body: z.string() });

describe('openRoute', () => {
  const authority = new TestAuthority();
  const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-route-'));
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(directory, name), text, { mode: 0o600 });
    return path.join(directory, name);
  };
  const caFile = file('ca.pem', authority.cert);
  const blob = randomBytes(300_000);
  const hash = createHash('sha256').update(blob).digest('hex');
  let server: HttpsServer;
  let sockets: SocketServer;
  let proxy: ConnectProxy;
  let route: Route | undefined;
  let seen: number[] = [];

  /** What a coordinator speaks, over TLS with a certificate of the hospital's own authority. */
  beforeAll(async () => {
    const tus = new TusServer({ path: '/api/v1/uploads', datastore: new FileStore({ directory }) });
    server = createServer(authority.issue(HOST), (request, response) => {
      if (request.url?.startsWith('/socket.io') === true) return;
      if (request.url?.startsWith('/api/v1/uploads') === true) {
        void tus.handle(request, response);
        return;
      }
      if (request.url === '/api/v1/blob') {
        response.end(blob);
        return;
      }
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => response.end(JSON.stringify({ method: request.method, body })));
    });
    server.on('connection', (socket: Socket) => seen.push(socket.remotePort ?? 0));
    sockets = new SocketServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    route?.close();
    await proxy.stop();
    server.closeAllConnections();
    seen = [];
  });
  afterAll(async () => {
    await sockets.close();
    rmSync(directory, { recursive: true });
  });

  const startProxy = async (options: Partial<ConnectProxyOptions> = {}): Promise<ConnectProxy> => {
    const targets = { [`${HOST}:443`]: (server.address() as AddressInfo).port, 'nobody.test:443': 1 };
    return (proxy = await ConnectProxy.start({ targets, ...options }));
  };
  const open = async (
    settings: Partial<RouteSettings> = {},
    conventions: RouteConventions = routeConventions({}),
  ): Promise<Route> =>
    (route = await openRoute({ ...routeSettings({}), proxy: proxy.url, caFile, ...settings }, conventions));
  const ask = ({ fetch }: Route, baseUrl = BASE, timeoutMs = 10_000): Promise<unknown> =>
    new RestClient({ baseUrl, fetch, repeats: 0, timeoutMs }).call({
      method: 'POST',
      path: '/x',
      body: { a: 'é' },
      answer: ANSWER,
    });

  it('carries calls, transfers and sockets, and nothing reaches the coordinator on another way', async () => {
    await startProxy({ credentials: CREDENTIALS });
    const out = await open({ proxyCredentialsFile: file('proxy.secret', `${CREDENTIALS}\n`) });
    expect(await ask(out)).toEqual({ method: 'POST', body: '{"a":"é"}' });

    const tokens = fixedToken('token');
    const upload = { file: path.join(directory, 'upload'), hash, recordFile: path.join(directory, 'record') };
    writeFileSync(upload.file, blob);
    const endpoint = `${BASE}/api/v1/uploads`;
    expect(await uploadBlob({ ...upload, endpoint, metadata: {}, tokens, route: out })).toMatchObject({
      sentBytes: blob.length,
    });
    const download = { url: `${BASE}/api/v1/blob`, hash, file: path.join(directory, 'download') };
    expect(await downloadBlob({ ...download, tokens, route: out })).toMatchObject({ receivedBytes: blob.length });

    const upgraded = new Promise<string>((resolve) => {
      sockets.of('/sites').once('connection', (client) => {
        client.conn.once('upgrade', ({ name }: { name: string }) => {
          resolve(name);
        });
      });
    });
    const socket = new SiteSocket({ baseUrl: BASE, tokens, agent: out.agentFor(BASE), onHint: () => undefined });
    expect(await upgraded).toBe('websocket');
    socket.close();
    expect(proxy.tunnels.map(({ authority: asked }) => asked)).toEqual(seen.map(() => `${HOST}:443`));
    expect(proxy.tunnels.map(({ localPort }) => localPort).sort()).toEqual([...seen].sort());
    expect([proxy.refusals, out.proxyFor(BASE)]).toEqual([[], proxy.url]);
  });

  it('goes through a proxy that speaks TLS itself, which must be trusted too', async () => {
    await startProxy({ tls: authority.issue('127.0.0.1') });
    expect(await ask(await open())).toMatchObject({ method: 'POST' });
    const strange = await open({ caFile: file('other.pem', new TestAuthority().cert) });
    await expect(ask(strange)).rejects.toMatchObject({
      code: 'CLIENT.TLS_NOT_TRUSTED',
      message: expect.stringContaining(`the proxy ${proxy.url} (FEDISTL_PROXY)`) as string,
    });
  });

  it('follows the conventional variables where the own settings are silent, each by itself', async () => {
    await startProxy({ credentials: CREDENTIALS });
    const https_proxy = proxy.url.replace('//', `//${CREDENTIALS}@`);
    const silent = { proxy: null };
    expect(await ask(await open(silent, routeConventions({ https_proxy })))).toMatchObject({ method: 'POST' });
    // An address of our own is not given what the convention's has in it.
    await expect(ask(await open({}, routeConventions({ https_proxy })))).rejects.toMatchObject({
      code: 'CLIENT.PROXY_CREDENTIALS',
    });
    const { proxyFor } = await open(silent, routeConventions({ https_proxy, NO_PROXY: HOST, HTTP_PROXY: 'plain:80' }));
    expect([proxyFor(BASE), proxyFor('http://a.test'), proxyFor('https://a.test')]).toEqual([
      null,
      'http://plain',
      proxy.url,
    ]);
    const own = await open({ proxy: null, noProxy: 'b.test' }, routeConventions({ https_proxy, NO_PROXY: HOST }));
    expect([own.proxyFor(BASE), own.proxyFor('https://b.test')]).toEqual([proxy.url, null]);
    const none = await open({ proxy: 'none' }, routeConventions({ https_proxy }));
    expect(none.proxyFor(BASE)).toBeNull();
  });

  it('reads user and password anew for each tunnel', async () => {
    await startProxy({ credentials: CREDENTIALS });
    const out = await open({ proxyCredentialsFile: file('proxy.secret', 'kim:old') });
    await expect(ask(out)).rejects.toMatchObject({ code: 'CLIENT.PROXY_CREDENTIALS' });
    file('proxy.secret', CREDENTIALS);
    expect(await ask(out)).toMatchObject({ method: 'POST' });
  });

  it('says that the proxy wants user and password, or others, or what this program cannot do', async () => {
    await startProxy({ credentials: CREDENTIALS, schemes: ['Negotiate', 'NTLM'] });
    const caught = async (out: Route): Promise<unknown> => ask(out).catch((error: unknown) => error);
    const without = await caught(await open());
    expect(without).toMatchObject({
      code: 'CLIENT.PROXY_CREDENTIALS',
      message: `expected the proxy ${proxy.url} (FEDISTL_PROXY) to ask for no user and password (FEDISTL_PROXY_CREDENTIALS_FILE), got HTTP 407; it takes Negotiate, NTLM, this program can do Basic`,
    });
    const wrong = await caught(await open({ proxyCredentialsFile: file('wrong', 'kim:wrong-hunter') }));
    expect(wrong).toMatchObject({ code: 'CLIENT.PROXY_CREDENTIALS' });
    expect(String(wrong)).not.toMatch(/kim|wrong-hunter/);
    expect([isTransient(without), seen]).toEqual([false, []]);
  });

  it('tells a refused target, a target that the proxy cannot reach, and something that is no proxy', async () => {
    await startProxy();
    const out = await open();
    await expect(ask(out, 'https://elsewhere.test:8443')).rejects.toMatchObject({
      code: 'CLIENT.PROXY_REFUSED',
      message: `expected the proxy ${proxy.url} (FEDISTL_PROXY) to allow CONNECT to elsewhere.test:8443, got HTTP 403`,
    });
    const unreachable: unknown = await ask(out, 'https://nobody.test').catch((error: unknown) => error);
    expect(unreachable).toMatchObject({
      code: 'CLIENT.UNREACHABLE',
      message: expect.stringContaining('502') as string,
    });
    expect(isTransient(unreachable)).toBe(true);
    const port = (server.address() as AddressInfo).port;
    await expect(ask(await open({ proxy: `https://127.0.0.1:${port}` }))).rejects.toMatchObject({
      code: expect.stringMatching(/PROXY_UNREACHABLE|TLS_NOT_TRUSTED/) as string,
    });
  });

  it('tells a proxy that is not there, and one that says nothing', async () => {
    await startProxy({ silent: true });
    const absent: unknown = await ask(await open({ proxy: 'http://127.0.0.1:1' })).catch((error: unknown) => error);
    expect(absent).toMatchObject({
      code: 'CLIENT.PROXY_UNREACHABLE',
      message: `expected the proxy http://127.0.0.1:1 (FEDISTL_PROXY) to open a connection to ${HOST}:443, got ECONNREFUSED`,
    });
    expect(isTransient(absent)).toBe(true);
    await expect(ask(await open(), BASE, 50)).rejects.toMatchObject({ code: 'CLIENT.TIMEOUT' });
  });

  it('stops when it is told to, before it asks the proxy and while that says nothing', async () => {
    await startProxy({ silent: true });
    const out = await open();
    for (const connections of [0, 1]) {
      const stop = new AbortController();
      const url = `${BASE}/api/v1/blob`;
      const never = path.join(directory, 'never');
      const transfer = { url, hash, file: never, tokens: fixedToken('token'), route: out, signal: stop.signal };
      const stopped = expect(downloadBlob(transfer)).rejects.toMatchObject({ code: 'CLIENT.STOPPED' });
      while (proxy.connections < connections) await new Promise((resolve) => setImmediate(resolve));
      stop.abort();
      await stopped;
    }
  });

  it('names the setting for a coordinator whose authority nobody knows, in calls and in transfers', async () => {
    await startProxy();
    const out = await open({ caFile: null });
    const refusal = {
      code: 'CLIENT.TLS_NOT_TRUSTED',
      message: expect.stringMatching(/expected a certificate of .*coordinator\.test.* FEDISTL_CA_FILE$/) as string,
    };
    await expect(ask(out)).rejects.toMatchObject(refusal);
    const target = path.join(directory, 'untrusted');
    const download = { url: `${BASE}/api/v1/blob`, hash, file: target, tokens: fixedToken('token'), route: out };
    await expect(downloadBlob(download)).rejects.toMatchObject(refusal);
    // A certificate for another name is no question of the authority.
    const { port } = server.address() as AddressInfo;
    await expect(ask(await open(), `https://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'CLIENT.TLS_NOT_TRUSTED',
      message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID') as string,
    });
  });
});
