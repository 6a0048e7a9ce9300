import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import { fixedToken } from '../../rest/token-source';
import { type LineOptions } from '../testing/bad-line';
import { TcpProxy } from '../testing/tcp-proxy';
import { uploadBlob, type UploadBlobOptions } from './upload-blob';

/** A real tus server that can be stopped and started again over the same folder. */
class TusHost {
  #server: HttpServer | undefined;
  port = 0;

  constructor(private readonly directory: string) {}

  async start(): Promise<void> {
    const tus = new Server({ path: '/api/v1/uploads', datastore: new FileStore({ directory: this.directory }) });
    const server = createServer((request, response) => void tus.handle(request, response));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}

describe('uploadBlob', () => {
  let directory: string;
  let host: TusHost;
  let proxy: TcpProxy | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'fedistl-upload-'));
    host = new TusHost(path.join(directory, 'store'));
    await host.start();
  });

  afterEach(async () => {
    await proxy?.stop();
    proxy = undefined;
    await host.stop();
    await rm(directory, { recursive: true });
  });

  async function prepare(
    bytes: number,
    line: LineOptions = {},
  ): Promise<{ options: UploadBlobOptions; content: Buffer; through: TcpProxy }> {
    proxy = await TcpProxy.start({ targetPort: host.port, ...line });
    const content = randomBytes(bytes);
    const file = path.join(directory, 'blob');
    await writeFile(file, content);
    const options: UploadBlobOptions = {
      file,
      hash: createHash('sha256').update(content).digest('hex'),
      endpoint: `${proxy.url}/api/v1/uploads`,
      metadata: { purpose: 'update', studyId: 'tb' },
      tokens: fixedToken('token'),
      recordFile: path.join(directory, 'upload.json'),
      backoff: { firstMs: 5, longestMs: 50 },
    };
    return { options, content, through: proxy };
  }

  const stored = async (options: UploadBlobOptions): Promise<Buffer> => {
    const { path: resource } = JSON.parse(await readFile(options.recordFile, 'utf8')) as { path: string };
    return readFile(path.join(directory, 'store', path.basename(resource)));
  };

  it('sends the bytes once over a good line', async () => {
    const { options, content } = await prepare(3_000_001);
    const result = await uploadBlob(options);
    expect(result).toEqual({ byteLength: content.length, sentBytes: content.length, breaks: 0 });
    expect((await stored(options)).equals(content)).toBe(true);
  });

  it('completes at 4 Mbit/s with a cut every 2 s, and resends less than a tenth', async () => {
    const size = 2_500_000;
    const { options, content, through } = await prepare(size, { bytesPerSecond: 500_000, cutAfterMs: 2000 });
    await uploadBlob(options);
    expect((await stored(options)).equals(content)).toBe(true);
    // A cut between two chunks breaks no call, so what is counted is the line's own cuts.
    expect(through.line.cuts).toBeGreaterThanOrEqual(2);
    // All that went into the line, heads of the calls included.
    expect(through.line.bytes.up).toBeLessThan(size * 1.1);
  }, 60_000);

  it('goes on at the byte after a stop, as after a kill of the process', async () => {
    const { options, content } = await prepare(4_000_000);
    const stop = new AbortController();
    const first = uploadBlob({
      ...options,
      signal: stop.signal,
      onProgress: (acknowledged) => {
        if (acknowledged > 1_000_000) stop.abort();
      },
    });
    await expect(first).rejects.toMatchObject({ code: 'CLIENT.STOPPED' });
    const { sentBytes } = await uploadBlob(options);
    expect(sentBytes).toBeLessThan(3_000_000);
    expect((await stored(options)).equals(content)).toBe(true);
    // A third call finds all of it there.
    expect((await uploadBlob(options)).sentBytes).toBe(0);
  });

  it('goes on after the coordinator was restarted', async () => {
    const { options, content } = await prepare(4_000_000, { bytesPerSecond: 4_000_000 });
    let restarted: Promise<void> | undefined;
    const result = await uploadBlob({
      ...options,
      onProgress: (acknowledged) => {
        if (acknowledged > 1_500_000) restarted ??= host.stop().then(() => host.start());
      },
    });
    await restarted;
    expect(result.breaks).toBeGreaterThan(0);
    expect(result.sentBytes).toBeLessThan(4_000_000 * 1.1 + 300_000);
    expect((await stored(options)).equals(content)).toBe(true);
  });

  it('starts anew when the coordinator has forgotten the upload', async () => {
    const { options, content } = await prepare(200_000);
    await uploadBlob(options);
    await rm(path.join(directory, 'store'), { recursive: true });
    await host.stop();
    await host.start();
    expect((await uploadBlob(options)).sentBytes).toBe(content.length);
    expect((await stored(options)).equals(content)).toBe(true);
  });

  it('gives up for now when nobody answers', async () => {
    const { options, through } = await prepare(1000);
    through.setReachable(false);
    await expect(uploadBlob({ ...options, breaks: 3 })).rejects.toMatchObject({ code: 'CLIENT.CUT' });
  });

  it('renews its token once, and then passes the refusal on', async () => {
    const { options } = await prepare(1000);
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization ?? '');
      const body = { type: 'error', version: 1, code: 'AUTH.TOKEN', message: 'expected a token', correlationId: 'c1' };
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/uploads`;
    const tokens = { token: () => Promise.resolve('old'), renew: () => Promise.resolve('new') };
    await expect(uploadBlob({ ...options, endpoint, tokens })).rejects.toMatchObject({
      code: 'AUTH.TOKEN',
      status: 401,
      correlationId: 'c1',
    });
    expect(seen).toEqual(['Bearer old', 'Bearer new']);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
