import { createServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { SiteSocket } from './site-socket';

describe('SiteSocket', () => {
  let http: HttpServer;
  let server: Server;
  let socket: SiteSocket | undefined;
  const accepted: string[] = [];

  beforeEach(async () => {
    accepted.length = 0;
    http = createServer();
    server = new Server(http);
    server.of('/sites').use((client, next) => {
      const { token } = client.handshake.auth as { token: string };
      if (token === 'good') next();
      else next(new Error('AUTH.TOKEN'));
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    socket?.close();
    await server.close();
  });

  const open = (onHint: () => void, token = 'good'): SiteSocket => {
    const tokens = { token: () => Promise.resolve(token), renew: () => Promise.resolve('good') };
    socket = new SiteSocket({ baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, tokens, onHint });
    return socket;
  };
  const hint = (count: number): { promise: Promise<void>; onHint: () => void } => {
    let left = count;
    let done = (): void => undefined;
    const promise = new Promise<void>((resolve) => (done = resolve));
    const onHint = (): void => {
      if (--left === 0) done();
    };
    return { promise, onHint };
  };

  it('hints at connection and at each well-formed event, and carries heartbeats and progress', async () => {
    const progress = new Promise((resolve) => {
      server.of('/sites').on('connection', (client) => {
        client.on('heartbeat', (_: unknown, answer: (body: unknown) => void) => {
          answer({ serverTime: new Date().toISOString(), intervalSeconds: 30 });
        });
        client.on('progress', resolve);
        client.emit('work', { studyId: 'no such thing !' });
        client.emit('work', { studyId: 'tb' });
      });
    });
    const { promise, onHint } = hint(2);
    const opened = open(onHint);
    await promise;
    expect(await opened.heartbeat({ activity: { kind: 'idle' }, capabilities: null })).toBe(30);
    opened.progress({
      studyId: 'tb' as never,
      generation: 0,
      round: 1,
      attempt: 1,
      step: 3,
      steps: 10,
      loss: 0.5,
      imagesPerSecond: 10,
      etaSeconds: 1,
    });
    expect(await progress).toMatchObject({ step: 3 });
  });

  it('comes back when the server closes the connection', async () => {
    let connections = 0;
    const twice = new Promise<void>((resolve) => {
      server.of('/sites').on('connection', (client) => {
        if (++connections === 2) resolve();
        else client.conn.close();
      });
    });
    open(() => undefined);
    await twice;
    expect(connections).toBe(2);
  });

  it('answers null to a heartbeat while there is no connection', async () => {
    const opened = open(() => undefined);
    opened.close();
    expect(await opened.heartbeat({ activity: { kind: 'idle' }, capabilities: null })).toBeNull();
  });
});
