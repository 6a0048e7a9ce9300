import { canRunPostgres } from '@fedistl/persistence/testing';
import {
  apiBasePath,
  type Endpoint,
  type EndpointName,
  endpoints,
  type ErrorBody,
  type PersonRole,
} from '@fedistl/protocol';
import { TestCoordinator } from '../testing/test-coordinator';
import { TestSite } from '../testing/test-site';

const describeWithPostgres = canRunPostgres() ? describe : describe.skip;
const params = { siteId: 'nobody', studyId: 'nothing', id: 'none', hash: 'a'.repeat(64) };
const all = Object.entries<Endpoint>(endpoints) as [EndpointName, Endpoint][];

describeWithPostgres('access', () => {
  let coordinator: TestCoordinator;
  const tokens = new Map<PersonRole | 'site' | 'pending site', string>();

  beforeAll(async () => {
    coordinator = await TestCoordinator.start();
    for (const role of ['administrator', 'study-lead', 'reviewer', 'viewer'] as const) {
      tokens.set(role, await coordinator.person(`a ${role}`, role));
    }
    tokens.set('site', await (await TestSite.approved(coordinator, 'seoul')).login());
    const pending = new TestSite(coordinator, 'busan');
    await pending.enrol(await pending.code());
    tokens.set('pending site', await pending.login());
  }, 120_000);

  afterAll(async () => {
    await coordinator.dispose();
  });

  /** Whether the caller gets past the guard; what the endpoint makes of an empty request does not matter here. */
  const admitted = async (name: EndpointName, token: string | undefined) => {
    const response = await coordinator.request(name, { token, params });
    const text = await response.text();
    return !/"code":"(?:ACCESS\.(?:NO_TOKEN|BAD_TOKEN|FORBIDDEN)|SITE\.NOT_APPROVED)"/.test(text);
  };

  it.each(all)('%s lets in whom the table says, and nobody else', async (name, { access }) => {
    for (const [who, token] of tokens) {
      const open = access.people === undefined && access.site === undefined;
      const site = who === 'site' ? access.site !== undefined : access.site === 'enrolled';
      const expected =
        open || (who === 'site' || who === 'pending site' ? site : access.people?.includes(who) === true);
      expect([who, await admitted(name, token)]).toEqual([who, expected]);
    }
    expect(await admitted(name, undefined)).toBe(access.people === undefined && access.site === undefined);
  });

  it('refuses tokens that are made up, and other schemes', async () => {
    for (const token of ['fdp_x', `fdp_${'A'.repeat(43)}`, `fds_${'A'.repeat(43)}`, 'é'.repeat(3)]) {
      const response = await fetch(`${coordinator.url}${apiBasePath}/me`, {
        headers: { authorization: `Bearer ${encodeURI(token)}` },
      });
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    }
    const basic = await fetch(`${coordinator.url}${apiBasePath}/me`, { headers: { authorization: 'Basic YTpi' } });
    expect(((await basic.json()) as ErrorBody).code).toBe('ACCESS.NO_TOKEN');
  });

  it('ends a revoked token with the next request, and keeps one administrator', async () => {
    const token = await coordinator.person('leaver', 'viewer');
    const { id } = await coordinator.call('me', { token });
    await coordinator.call('revokeToken', { token: coordinator.administrator, params: { id } });
    expect(await coordinator.refusal('me', { token })).toBe('401 ACCESS.BAD_TOKEN');

    const administrator = tokens.get('administrator')!;
    const first = await coordinator.call('me', { token: coordinator.administrator });
    const second = await coordinator.call('me', { token: administrator });
    await coordinator.call('revokeToken', { token: coordinator.administrator, params: { id: second.id } });
    expect(
      await coordinator.refusal('revokeToken', { token: coordinator.administrator, params: { id: first.id } }),
    ).toBe('409 TOKEN.LAST_ADMINISTRATOR');
    expect(await coordinator.refusal('revokeToken', { token: coordinator.administrator, params: { id: 'x' } })).toBe(
      '404 TOKEN.NOT_FOUND',
    );
  });
});

describeWithPostgres('requests', () => {
  let coordinator: TestCoordinator;
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${coordinator.url}${apiBasePath}/site-sessions/challenges`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
  const codeOf = async (response: Response) => `${response.status} ${((await response.json()) as ErrorBody).code}`;

  beforeAll(async () => {
    coordinator = await TestCoordinator.start({
      FEDISTL_MAX_BODY_BYTES: '2KiB',
      FEDISTL_LOGIN_RATE_PER_MINUTE: '12',
      FEDISTL_RATE_PER_MINUTE: '60',
    });
  }, 120_000);

  afterAll(async () => {
    await coordinator.dispose();
  });

  it('are refused with a code when the body is no JSON, too large, or not as the schema says', async () => {
    expect(await codeOf(await post('{"siteId":'))).toBe('400 HTTP.BAD_JSON');
    expect(await codeOf(await post(JSON.stringify({ siteId: 'x'.repeat(5000) })))).toBe('413 HTTP.BODY_TOO_LARGE');
    expect(await codeOf(await post('{"siteId":"seoul","extra":1}'))).toBe('400 PROTOCOL.INVALID_MESSAGE');
    expect(await codeOf(await post('siteId=seoul', { 'content-type': 'text/plain' }))).toBe(
      '400 PROTOCOL.INVALID_MESSAGE',
    );
    expect(await codeOf(await fetch(`${coordinator.url}/`))).toBe('404 HTTP.NOT_FOUND');
  });

  it('carry a correlation id to the answer, the error body and the log', async () => {
    const response = await post('{}', { 'x-correlation-id': 'trace-42' });
    expect(response.headers.get('x-correlation-id')).toBe('trace-42');
    expect(((await response.json()) as ErrorBody).correlationId).toBe('trace-42');
    expect(coordinator.log.some((line) => line.includes('"correlationId":"trace-42"'))).toBe(true);
    const forged = await post('{}', { 'x-correlation-id': 'a b<script>' });
    expect(forged.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('are answered with security headers', async () => {
    const { headers } = await fetch(`${coordinator.url}${apiBasePath}/health/live`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'self'/);
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('leave no token and no body in the log', async () => {
    const secret = 'Patient-4711';
    await coordinator.request('createToken', {
      token: coordinator.administrator,
      body: { name: secret, role: 'viewer', validDays: 1 },
    });
    const log = coordinator.log.join('');
    expect(log).toMatch(/"path":"\/api\/v1\/tokens","status":201/);
    expect(log).not.toContain(coordinator.administrator);
    expect(log).not.toContain(secret);
  });

  it('are limited: logins tightly, with the time to wait', async () => {
    let response = await post('{"siteId":"seoul"}');
    for (let i = 0; i < 12 && response.status !== 429; i++) response = await post('{"siteId":"seoul"}');
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(((await response.json()) as ErrorBody).code).toBe('RATE.LIMITED');
    // Another caller, who has a token, is not held up.
    await coordinator.call('me', { token: coordinator.administrator });
    let others = 200;
    for (let i = 0; i < 70 && others !== 429; i++) {
      others = (await coordinator.request('me', { token: coordinator.administrator })).status;
    }
    expect(others).toBe(429);
  });
});
