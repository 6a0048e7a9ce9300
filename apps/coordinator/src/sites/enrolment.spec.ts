import { fingerprintOf, Identity } from '@fedistl/crypto';
import { EnrolmentCode } from '@fedistl/persistence';
import { canRunPostgres } from '@fedistl/persistence/testing';
import { createEnrolmentCode, enrolmentCodeHash } from '@fedistl/protocol';
import { TestCoordinator } from '../testing/test-coordinator';
import { TestSite } from '../testing/test-site';

const describeWithPostgres = canRunPostgres() ? describe : describe.skip;

describeWithPostgres('enrolment', () => {
  let coordinator: TestCoordinator;
  const enrolRefusal = (site: TestSite, code: string, answered = code) =>
    coordinator.refusal('enrol', { body: { code, envelope: site.enrolmentEnvelope(answered) } });

  beforeAll(async () => {
    coordinator = await TestCoordinator.start();
  }, 120_000);

  afterAll(async () => {
    await coordinator.dispose();
  });

  it('brings a site in by code, comparison of fingerprints and approval', async () => {
    const site = new TestSite(coordinator, 'seoul');
    const enrolled = await site.enrol(await site.code());
    expect(enrolled).toMatchObject({ siteId: 'seoul', state: 'pending' });
    expect(enrolled.coordinator).toEqual(await coordinator.call('coordinatorCard'));

    const seen = await coordinator.call('showSite', { token: coordinator.administrator, params: { siteId: 'seoul' } });
    expect(seen).toMatchObject({
      state: 'pending',
      fingerprint: fingerprintOf(site.identity.public),
      connected: false,
    });

    await site.approve();
    await site.approve();
    const token = await site.login();
    expect(await coordinator.call('siteSelf', { token })).toEqual({
      siteId: 'seoul',
      displayName: 'Hospital seoul',
      state: 'approved',
    });
  });

  it('answers again the same when the answer got lost', async () => {
    const site = new TestSite(coordinator, 'busan');
    const code = await site.code();
    expect((await site.enrol(code)).state).toBe('pending');
    expect((await site.enrol(code)).state).toBe('pending');
    await site.approve();
    expect((await site.enrol(code)).state).toBe('approved');
  });

  it('refuses a fingerprint that is another key, and approves nothing', async () => {
    const site = new TestSite(coordinator, 'daegu');
    await site.enrol(await site.code());
    const approve = (fingerprint: string) =>
      coordinator.refusal('approveSite', {
        token: coordinator.administrator,
        params: { siteId: 'daegu' },
        body: { fingerprint },
      });
    expect(await approve(fingerprintOf(Identity.generate('daegu').public))).toBe('409 SITE.FINGERPRINT_MISMATCH');
    expect(await approve('12345')).toBe('400 KEY.INVALID_FINGERPRINT');
    expect(await coordinator.refusal('siteWork', { token: await site.login() })).toBe('403 SITE.NOT_APPROVED');
  });

  it('gives a code to one key alone', async () => {
    const site = new TestSite(coordinator, 'incheon');
    const code = await site.code();
    await site.enrol(code);
    expect(await enrolRefusal(new TestSite(coordinator, 'incheon'), code)).toBe('409 ENROLMENT.CODE_USED');
  });

  it('lets one of two nodes that come at the same time have a code', async () => {
    const sites = [new TestSite(coordinator, 'ulsan'), new TestSite(coordinator, 'ulsan')];
    const code = await sites[0]!.code();
    const answers = await Promise.all(
      sites.map((site) => coordinator.request('enrol', { body: { code, envelope: site.enrolmentEnvelope(code) } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('refuses codes that are unknown, of another site, past their time, or not answered by the envelope', async () => {
    const site = new TestSite(coordinator, 'jeju');
    const other = await new TestSite(coordinator, 'suwon').code();
    expect(await enrolRefusal(site, createEnrolmentCode())).toBe('403 ENROLMENT.CODE_UNKNOWN');
    expect(await enrolRefusal(site, other)).toBe('409 ENROLMENT.WRONG_SITE');
    expect(await enrolRefusal(site, other, createEnrolmentCode())).toBe('400 ENROLMENT.CODE_MISMATCH');
    expect(await enrolRefusal(site, 'no code', createEnrolmentCode())).toBe('400 ENROLMENT.BAD_CODE');

    const code = await site.code();
    const past = { expiresAt: new Date(Date.now() - 1000) };
    const codes = coordinator.testDatabase.database.source.getRepository(EnrolmentCode);
    await codes.update({ codeHash: enrolmentCodeHash(code) }, past);
    expect(await enrolRefusal(site, code)).toBe('403 ENROLMENT.CODE_EXPIRED');
    // A try for the wrong site did not use the code up.
    await expect(new TestSite(coordinator, 'suwon').enrol(other)).resolves.toMatchObject({ state: 'pending' });
  });

  it('refuses an envelope that the brought key did not sign', async () => {
    const site = new TestSite(coordinator, 'gwangju');
    const code = await site.code();
    const envelope = site.enrolmentEnvelope(code);
    const forged = { ...envelope, signatures: new TestSite(coordinator, 'gwangju').enrolmentEnvelope(code).signatures };
    expect(await coordinator.refusal('enrol', { body: { code, envelope: forged } })).toBe('403 PROTOCOL.BAD_SIGNATURE');
  });

  it('makes no code for an approved site, and takes no key of another', async () => {
    const site = await TestSite.approved(coordinator, 'sejong');
    const body = { siteId: 'sejong', displayName: 'again', validSeconds: 600 };
    expect(await coordinator.refusal('createEnrolmentCode', { token: coordinator.administrator, body })).toBe(
      '409 ENROLMENT.SITE_EXISTS',
    );
    const twin = new TestSite(coordinator, 'sejong-2', site.identity);
    expect(await enrolRefusal(twin, await twin.code())).toBe('409 ENROLMENT.KEY_KNOWN');
  });
});
