import { ConnectProxy } from '../testing/connect-proxy';
import { forwardProxy } from './forward-proxy';
import { guardedTunnels, REFUSED_FOR_MS } from './guarded-tunnels';

describe('guardedTunnels', () => {
  it('does not show refused credentials again for a while, but others at once', async () => {
    const proxy = await ConnectProxy.start({ targets: {}, credentials: 'kim:right' });
    const source = { variable: 'HTTPS_PROXY', address: proxy.url, credentialsFile: null };
    let given = 'kim:wrong';
    let now = 0;
    const known = { ...forwardProxy(source), credentials: () => Promise.resolve(given) };
    const open = guardedTunnels(known, { timeoutMs: 5000 }, () => now);
    const codeOf = (): Promise<unknown> =>
      open({ host: 'a.test', port: 443 }).catch((error: unknown) => (error as { code: string }).code);
    try {
      for (let attempt = 0; attempt < 3; attempt++) expect(await codeOf()).toBe('CLIENT.PROXY_CREDENTIALS');
      expect(proxy.refusals).toHaveLength(1);
      now = REFUSED_FOR_MS;
      expect(await codeOf()).toBe('CLIENT.PROXY_CREDENTIALS');
      expect(proxy.refusals).toHaveLength(2);
      given = 'kim:right';
      expect(await codeOf()).toBe('CLIENT.PROXY_REFUSED');
    } finally {
      await proxy.stop();
    }
  });
});
