import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { CountingRelay } from './counting-relay';

it('passes everything on and counts it', async () => {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.end('y'.repeat(20_000)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relay = await CountingRelay.start((server.address() as AddressInfo).port);
  const answer = await fetch(relay.url, { method: 'POST', body: 'x'.repeat(5000) });
  expect((await answer.text()).length).toBe(20_000);
  expect(relay.sent).toBeGreaterThan(5000);
  expect(relay.received).toBeGreaterThan(20_000);
  await relay.stop();
  server.close();
  server.closeAllConnections();
});
