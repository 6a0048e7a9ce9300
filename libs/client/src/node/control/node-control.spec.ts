import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NodeControl } from './node-control';

const refusal = JSON.stringify({
  ...{ type: 'error', version: 1, code: 'NODE.NO_TOKEN', message: 'expected a token', correlationId: 'local' },
});

describe('NodeControl', () => {
  let directory: string;
  let server: Server;
  let answer: (response: ServerResponse) => void;
  let asked: { line: string; authorization: string | undefined; host: string | undefined; body: string }[];

  beforeEach(async () => {
    asked = [];
    directory = mkdtempSync(path.join(tmpdir(), 'fedistl-control-'));
    server = createServer((request, response) => {
      void record(request).then(() => {
        answer(response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    await stop();
    rmSync(directory, { recursive: true });
  });

  async function record(request: IncomingMessage): Promise<void> {
    let body = '';
    for await (const part of request as AsyncIterable<Buffer>) body += part.toString();
    const { authorization, host } = request.headers;
    asked.push({ line: `${request.method ?? ''} ${request.url ?? ''}`, authorization, host, body });
  }

  async function stop(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function writeFiles(control: unknown = { format: 'fedistl-node-control/1', url: url(), pid: process.pid }): void {
    writeFileSync(path.join(directory, 'control.json'), JSON.stringify(control));
    writeFileSync(path.join(directory, 'control.token'), 'the-token\n');
  }

  it('asks the node of the directory with the token that lies there', async () => {
    writeFiles();
    const control = await NodeControl.open(directory);
    answer = (response) => response.end('{"paused":"service"}');
    await expect(control.pause('service')).resolves.toEqual({ paused: 'service' });
    answer = (response) => response.end('{"paused":null}');
    await expect(control.resume()).resolves.toEqual({ paused: null });
    answer = (response) => response.end('{"head":"h","entries":[]}');
    await expect(control.egress()).resolves.toEqual({ head: 'h', entries: [] });
    const common = { authorization: 'Bearer the-token', host: url().replace('http://', '') };
    expect(asked).toEqual([
      { line: 'POST /pause', body: '{"reason":"service"}', ...common },
      { line: 'POST /resume', body: '{}', ...common },
      { line: 'GET /egress', body: '', ...common },
    ]);
  });

  it('puts the token into the fragment of the address, which no browser sends', async () => {
    writeFiles();
    const { pageAddress } = await NodeControl.open(directory);
    expect(pageAddress).toBe(`${url()}/#token=the-token`);
    expect(new URL(pageAddress).search).toBe('');
  });

  it('says that no node runs: no control file, or nobody at its address', async () => {
    await expect(NodeControl.open(directory)).rejects.toMatchObject({ code: 'CLIENT.NODE_NOT_RUNNING' });
    writeFiles();
    const control = await NodeControl.open(directory);
    await stop();
    await expect(control.status()).rejects.toMatchObject({ code: 'CLIENT.NODE_NOT_RUNNING' });
  });

  it('sends the token to this machine only, whatever the control file says', async () => {
    for (const elsewhere of [
      'http://coordinator.example:7340',
      'https://127.0.0.1:7340',
      'http://127.0.0.1.example:1',
    ]) {
      writeFiles({ format: 'fedistl-node-control/1', url: elsewhere, pid: 1 });
      await expect(NodeControl.open(directory)).rejects.toMatchObject({ code: 'CLIENT.UNEXPECTED_ANSWER' });
    }
  });

  it("keeps the node's own code, and names an answer that is not the node's", async () => {
    writeFiles();
    const control = await NodeControl.open(directory);
    answer = (response) => response.writeHead(403).end(refusal);
    await expect(control.pause('x')).rejects.toMatchObject({ code: 'NODE.NO_TOKEN', status: 403 });
    answer = (response) => response.end('<html>');
    await expect(control.status()).rejects.toMatchObject({ code: 'CLIENT.UNEXPECTED_ANSWER' });
    answer = (response) => response.end('{"siteId":7}');
    await expect(control.status()).rejects.toMatchObject({ code: 'CLIENT.UNEXPECTED_ANSWER' });
  });

  it('does not carry the token along a redirection', async () => {
    writeFiles();
    const control = await NodeControl.open(directory);
    answer = (response) => response.writeHead(302, { location: `${url()}/elsewhere` }).end();
    await expect(control.status()).rejects.toMatchObject({ code: 'CLIENT.NODE_NOT_RUNNING' });
    expect(asked.map(({ line }) => line)).toEqual(['GET /status']);
  });
});
