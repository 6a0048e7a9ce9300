import { createServer } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { resetSocket, TcpProxy } from '@fedistl/client/testing';
import { findCanaries } from '../support/network/find-canary';

// What the canary and transfer tests rest on must itself be able to fail.
describe('searching what was sent', () => {
  const canaries = [{ name: 'patient', bytes: Buffer.from('CANARY^PATIENT-7731') }];
  const hidden = canaries[0]!.bytes;
  const masked = (payload: Buffer): Buffer => {
    const key = Buffer.from([1, 2, 3, 4]);
    const body = Buffer.from(payload.map((byte, i) => byte ^ (key[i & 3] ?? 0)));
    const head = Buffer.from('GET /socket.io/ HTTP/1.1\r\nUpgrade: websocket\r\n\r\n');
    return Buffer.concat([head, Buffer.from([0x81, 0x80 | payload.length]), key, body]);
  };

  it.each([
    ['raw', hidden, 'raw'],
    ['base64', Buffer.from(`{"a":"${hidden.toString('base64')}"}`), 'raw, decoded'],
    [
      'base64, shifted',
      Buffer.from(`"${Buffer.concat([Buffer.from('x'), hidden]).toString('base64')}"`),
      'raw, decoded',
    ],
    ['hexadecimal', Buffer.from(`"${hidden.toString('hex')}"`), 'raw, decoded'],
    ['gzip', Buffer.concat([Buffer.from('POST / HTTP/1.1\r\n\r\n'), gzipSync(hidden)]), 'raw, decompressed'],
    ['zlib', Buffer.concat([Buffer.from('head'), deflateSync(hidden)]), 'raw, decompressed'],
    ['zlib in base64', Buffer.from(`"${deflateSync(hidden).toString('base64')}"`), 'raw, decoded, decompressed'],
    ['a masked frame', masked(hidden), 'WebSocket'],
  ])('finds it in %s', (_where, sent, how) => {
    expect(findCanaries(Buffer.concat([Buffer.from('....'), sent, Buffer.from('....')]), canaries)).toContain(
      `patient (${how})`,
    );
  });

  it('finds nothing where nothing is', () => {
    expect(findCanaries(Buffer.from('PATCH /api/v1/uploads/1 HTTP/1.1\r\n\r\n{"step":1}'), canaries)).toEqual([]);
  });
});

describe('the proxy', () => {
  it('passes on, records, and cuts', async () => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.end('x'.repeat(50_000)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = await TcpProxy.start({ targetPort: (server.address() as AddressInfo).port, record: true });
    const answer = await fetch(proxy.url, { method: 'POST', body: 'hello coordinator' });
    expect((await answer.text()).length).toBe(50_000);
    expect(Buffer.concat(proxy.line.recordings[0]!.chunks).toString()).toContain('hello coordinator');
    expect(proxy.line.bytes.down).toBeGreaterThan(50_000);
    await proxy.stop();
    server.closeAllConnections();
    const slow = await TcpProxy.start({
      targetPort: (server.address() as AddressInfo).port,
      bytesPerSecond: 10_000,
      cutAfterMs: 200,
    });
    await expect(fetch(slow.url).then((cut) => cut.text())).rejects.toThrow();
    expect(slow.line.cuts).toBeGreaterThan(0);
    await slow.stop();
    server.close();
    server.closeAllConnections();
  });

  it('leaves nothing open of a connection that was ending when it was cut', async () => {
    const open = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
    const server = createTcpServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const before = open();
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
    const [accepted] = (await once(server, 'connection')) as [Socket];
    const closed = Promise.all([once(accepted, 'close'), once(client, 'close')]);
    accepted.end();
    resetSocket(accepted);
    await closed;
    expect(open()).toBeLessThanOrEqual(before);
    server.close();
  });
});
