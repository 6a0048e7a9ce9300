import { parseKeyFingerprint } from '@fedistl/core';
import { Identity } from '@fedistl/crypto';
import { canRunPostgres } from '@fedistl/persistence/testing';
import { TestCoordinator } from '../testing/test-coordinator';
import { TestSite } from '../testing/test-site';
import { SessionCleaner } from './session-cleaner';

const describeWithPostgres = canRunPostgres() ? describe : describe.skip;

describeWithPostgres('login of a site', () => {
  let coordinator: TestCoordinator;
  let site: TestSite;
  const refused = (envelope: unknown) => coordinator.refusal('login', { body: { envelope } });

  beforeAll(async () => {
    coordinator = await TestCoordinator.start();
    site = await TestSite.approved(coordinator, 'seoul');
  }, 120_000);

  afterAll(async () => {
    await coordinator.dispose();
  });

  it('takes a challenge once', async () => {
    const envelope = await site.loginEnvelope(await site.challenge());
    await coordinator.call('login', { body: { envelope } });
    expect(await refused(envelope)).toBe('401 LOGIN.REFUSED');
    const again = await site.challenge();
    await coordinator.call('login', { body: { envelope: await site.loginEnvelope(again) } });
    expect(await refused(await site.loginEnvelope(again))).toBe('401 LOGIN.REFUSED');
  });

  it('refuses a wrong key without spending the challenge', async () => {
    const challenge = await site.challenge();
    expect(await refused(await site.loginEnvelope(challenge, { signer: Identity.generate('seoul') }))).toBe(
      '401 LOGIN.REFUSED',
    );
    await coordinator.call('login', { body: { envelope: await site.loginEnvelope(challenge) } });
  });

  it('tells an unknown site nothing that a wrong key is not told', async () => {
    const stranger = new TestSite(coordinator, 'nowhere');
    const answer = async (login: TestSite, signer: Identity) => {
      const envelope = await login.loginEnvelope(await login.challenge(), { signer });
      const response = await coordinator.request('login', { body: { envelope } });
      const { code, message } = (await response.json()) as { code: string; message: string };
      return { status: response.status, code, message };
    };
    expect(await answer(stranger, stranger.identity)).toEqual(await answer(site, Identity.generate('seoul')));
  });

  it('refuses a challenge of another site, one that was never given, and a login at another coordinator', async () => {
    const other = await TestSite.approved(coordinator, 'busan');
    expect(await refused(await site.loginEnvelope(await other.challenge()))).toBe('401 LOGIN.REFUSED');
    expect(await refused(await site.loginEnvelope('ab'.repeat(32)))).toBe('401 LOGIN.REFUSED');
    const elsewhere = { coordinatorKey: parseKeyFingerprint('ab'.repeat(32)) };
    expect(await refused(await site.loginEnvelope(await site.challenge(), elsewhere))).toBe('401 LOGIN.REFUSED');
  });

  it('keeps neither token nor challenge in the database', async () => {
    const challenge = await site.challenge();
    const { token } = await coordinator.call('login', { body: { envelope: await site.loginEnvelope(challenge) } });
    const { source } = coordinator.testDatabase.database;
    const tables = ['site_session', 'site_challenge', 'person_token'];
    const rows = await Promise.all(tables.map((table) => source.query<unknown>(`SELECT * FROM "${table}"`)));
    expect(rows.flat()).not.toHaveLength(0);
    const text = JSON.stringify(rows);
    expect(text).not.toContain(token);
    expect(text).not.toContain(challenge);
    expect(text).not.toContain(coordinator.administrator);
  });

  it('notes a heartbeat', async () => {
    const token = await site.login();
    const capabilities = {
      software: '0.1.0',
      platform: 'linux x64',
      engines: ['onnxruntime/cpu'],
      processors: 2,
      memoryMiB: 4096,
      accelerators: [],
    };
    const answer = await coordinator.call('heartbeat', { token, body: { activity: { kind: 'idle' }, capabilities } });
    expect(answer.intervalSeconds).toBe(coordinator.config.heartbeatSeconds);
    await coordinator.call('heartbeat', {
      token,
      body: { activity: { kind: 'paused', reason: 'night' }, capabilities: null },
    });
    const seen = await coordinator.call('showSite', { token: coordinator.administrator, params: { siteId: 'seoul' } });
    expect(seen).toMatchObject({ activity: { kind: 'paused', reason: 'night' }, capabilities });
    expect(seen.lastSeenAt).not.toBeNull();
  });

  it('ends a session after its time', async () => {
    const token = await site.login();
    const { source } = coordinator.testDatabase.database;
    await source.query(`UPDATE "site_session" SET "expires_at" = now() - interval '1 second'`);
    expect(await coordinator.refusal('siteSelf', { token })).toBe('401 ACCESS.BAD_TOKEN');
    const kept = await site.login();
    await coordinator.get(SessionCleaner).clean();
    const rows = await source.query<unknown[]>('SELECT * FROM "site_session"');
    expect(rows).toHaveLength(1);
    await coordinator.call('siteSelf', { token: kept });
  });
});
