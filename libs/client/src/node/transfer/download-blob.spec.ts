import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fixedToken } from '../../rest/token-source';
import { type LineOptions } from '../testing/bad-line';
import { TcpProxy } from '../testing/tcp-proxy';
import { downloadBlob, type DownloadBlobOptions } from './download-blob';

describe('downloadBlob', () => {
  const content = randomBytes(2_000_000);
  const hash = createHash('sha256').update(content).digest('hex');
  let directory: string;
  let server: Server;
  let proxy: TcpProxy | undefined;
  let served = content;
  let ranges: (string | undefined)[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'fedistl-download-'));
    served = content;
    ranges = [];
    server = createServer((request, response) => {
      const { range } = request.headers;
      ranges.push(range);
      const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
      if (from >= served.length && range !== undefined) {
        response.writeHead(416, { 'content-range': `bytes */${served.length}` }).end();
        return;
      }
      const rest = served.subarray(from);
      response.writeHead(range === undefined ? 200 : 206, { 'content-length': rest.length }).end(rest);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    await proxy?.stop();
    proxy = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(directory, { recursive: true });
  });

  async function options(line: LineOptions = {}): Promise<DownloadBlobOptions> {
    const { port } = server.address() as AddressInfo;
    proxy = await TcpProxy.start({ targetPort: port, ...line });
    return {
      url: `${proxy.url}/api/v1/blobs/${hash}`,
      hash,
      file: path.join(directory, 'weights'),
      tokens: fixedToken('token'),
      backoff: { firstMs: 5, longestMs: 50 },
    };
  }

  it('writes the file under its name only when it is whole', async () => {
    const asked = await options();
    expect(await downloadBlob(asked)).toEqual({ byteLength: content.length, receivedBytes: content.length });
    expect((await readFile(asked.file)).equals(content)).toBe(true);
    expect(await readdir(directory)).toEqual(['weights']);
    // There already: nothing is asked for.
    expect((await downloadBlob(asked)).receivedBytes).toBe(0);
    expect(ranges).toEqual([undefined]);
  });

  it('goes on at the byte when the line is cut, again and again', async () => {
    const asked = await options({ bytesPerSecond: 2_000_000, cutAfterMs: 300 });
    const { receivedBytes } = await downloadBlob(asked);
    expect(receivedBytes).toBe(content.length);
    expect((await readFile(asked.file)).equals(content)).toBe(true);
    expect(ranges.length).toBeGreaterThan(2);
    expect(ranges.slice(1).every((range) => range?.startsWith('bytes=') === true)).toBe(true);
  });

  it('goes on with what an earlier process left', async () => {
    const asked = await options();
    await writeFile(`${asked.file}.part`, content.subarray(0, 1_500_000));
    expect((await downloadBlob(asked)).receivedBytes).toBe(500_000);
    expect((await readFile(asked.file)).equals(content)).toBe(true);
  });

  it('finds a whole part file, and fetches a damaged one anew', async () => {
    const asked = await options();
    await writeFile(`${asked.file}.part`, content);
    expect((await downloadBlob(asked)).receivedBytes).toBe(0);
    await rm(asked.file);
    await writeFile(`${asked.file}.part`, Buffer.alloc(1_000_000));
    await downloadBlob(asked);
    expect((await readFile(asked.file)).equals(content)).toBe(true);
  });

  it('refuses other bytes than the hash says, and keeps none', async () => {
    const asked = await options();
    served = Buffer.from(content);
    served[0] = (served[0] ?? 0) ^ 1;
    await expect(downloadBlob(asked)).rejects.toMatchObject({ code: 'CLIENT.HASH_MISMATCH' });
    expect(await readdir(directory)).toEqual([]);
  });

  it('refuses a blob that is too large before it comes', async () => {
    const asked = await options();
    await expect(downloadBlob({ ...asked, mostBytes: 1000 })).rejects.toMatchObject({ code: 'CLIENT.BLOB_TOO_LARGE' });
  });
});
