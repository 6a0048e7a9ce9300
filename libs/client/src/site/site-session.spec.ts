import { parseSiteId } from '@fedistl/core';
import { Identity, parseEnvelope } from '@fedistl/crypto';
import { openMessage } from '@fedistl/protocol';
import { EndpointCaller } from '../rest/endpoint-caller';
import { RestClient } from '../rest/rest-client';
import { SiteSession } from './site-session';

describe('SiteSession', () => {
  const site = Identity.generate('site-a');
  const coordinator = Identity.generate('coordinator');
  let now = Date.parse('2026-01-01T00:00:00Z');
  let logins = 0;

  const fetch: typeof globalThis.fetch = (url, init) => {
    if ((url as string).endsWith('/challenges')) {
      return Promise.resolve(Response.json({ challenge: 'ab'.repeat(32), expiresAt: new Date(now).toISOString() }));
    }
    const { envelope } = JSON.parse(init?.body as string) as { envelope: unknown };
    const login = openMessage('site-login', parseEnvelope(envelope), { keys: [site.public] });
    expect(login).toMatchObject({ siteId: 'site-a', challenge: 'ab'.repeat(32), coordinatorKey: coordinator.keyId });
    const expiresAt = new Date(now + 900_000).toISOString();
    return Promise.resolve(Response.json({ token: `token-${++logins}`, expiresAt }));
  };
  const session = (): SiteSession =>
    new SiteSession({
      siteId: parseSiteId('site-a'),
      signer: site,
      coordinatorKey: coordinator.keyId,
      api: new EndpointCaller(new RestClient({ baseUrl: 'http://localhost', fetch })),
      now: () => new Date(now),
    });

  beforeEach(() => {
    logins = 0;
  });

  it('logs in once for calls at the same time, and again before the token ends', async () => {
    const tokens = session();
    expect(await Promise.all([tokens.token(), tokens.token()])).toEqual(['token-1', 'token-1']);
    expect(await tokens.token()).toBe('token-1');
    now += 850_000;
    expect(await tokens.token()).toBe('token-2');
  });

  it('logs in again for a refused token, once for all who were refused', async () => {
    const tokens = session();
    const old = await tokens.token();
    expect(await Promise.all([tokens.renew(old), tokens.renew(old)])).toEqual(['token-2', 'token-2']);
    // Someone who was refused late gets the token that is there.
    expect(await tokens.renew(old)).toBe('token-2');
  });
});
