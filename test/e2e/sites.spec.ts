import { ScriptedSite } from '@fedistl/cli';
import { EndpointCaller, enrolSite, RestClient } from '@fedistl/client';
import { fingerprintOf, Identity } from '@fedistl/crypto';
import { signMessage } from '@fedistl/protocol';
import { TestCoordinator } from '../support/federation/test-coordinator';

jest.setTimeout(120_000);
const refusal = (code: string): unknown => expect.objectContaining({ code });

describe('hospitals at a coordinator', () => {
  let coordinator: TestCoordinator;
  beforeAll(async () => {
    coordinator = await TestCoordinator.start();
  });
  afterAll(async () => {
    await coordinator.stop();
  });

  it('enrol with a one-time code, wait for approval by fingerprint, and work until two people revoke them', async () => {
    const { administrator, reviewer } = coordinator.people;
    const site = await ScriptedSite.create({ siteId: 'seoul', baseUrl: coordinator.baseUrl });
    const { identity: signer, siteId, coordinator: pinned } = site;
    const { code } = await administrator.createEnrolmentCode({ siteId, displayName: 'Seoul', validSeconds: 600 });
    const enrolment = { baseUrl: coordinator.baseUrl, siteId, code, coordinator: pinned };
    expect(await enrolSite({ ...enrolment, signer })).toBe('pending');
    // The answer may have got lost: the same again is answered the same. Another key with the same code is not.
    expect(await enrolSite({ ...enrolment, signer })).toBe('pending');
    await expect(enrolSite({ ...enrolment, signer: Identity.generate(siteId) })).rejects.toEqual(
      refusal('ENROLMENT.CODE_USED'),
    );
    await expect(site.client.work()).rejects.toEqual(refusal('SITE.NOT_APPROVED'));
    const foreign = fingerprintOf(Identity.generate('seoul').public);
    await expect(administrator.approveSite(siteId, foreign)).rejects.toEqual(refusal('SITE.FINGERPRINT_MISMATCH'));
    await expect(reviewer.approveSite(siteId, fingerprintOf(signer.public))).rejects.toEqual(
      refusal('ACCESS.FORBIDDEN'),
    );
    expect((await administrator.approveSite(siteId, fingerprintOf(signer.public))).state).toBe('approved');
    expect(await site.client.work()).toEqual({ work: [] });

    const action = { action: 'revoke-site', siteId, cause: 'key-compromised' } as const;
    const { id } = await administrator.propose(action, 'a laptop was stolen');
    await expect(administrator.approveProposal(id, 'by myself')).rejects.toEqual(refusal('ACCESS.FOUR_EYES'));
    expect(await site.client.work()).toEqual({ work: [] });
    expect((await reviewer.approveProposal(id, 'seen')).state).toBe('approved');
    // The token was given out before the revocation and would be good for minutes.
    await expect(site.client.work()).rejects.toEqual(refusal('SITE.REVOKED'));
  });

  it('cannot log in with another key, with an answer that was used, or with one for another coordinator', async () => {
    const site = await coordinator.site('busan');
    const api = new EndpointCaller(new RestClient({ baseUrl: coordinator.baseUrl }));
    const login = async (signer: Identity, changes: { coordinatorKey?: typeof signer.keyId } = {}) => {
      const { challenge } = await api.call('challenge', { body: { siteId: 'busan' } });
      const coordinatorKey = site.coordinator.identity.keyId;
      const createdAt = new Date().toISOString();
      const { siteId } = site;
      return signMessage(
        { type: 'site-login', version: 1, siteId, challenge, coordinatorKey, createdAt, ...changes },
        signer,
      );
    };
    const send = (envelope: unknown): Promise<unknown> => api.call('login', { body: { envelope } });

    const envelope = await login(site.identity);
    expect(await send(envelope)).toMatchObject({ token: expect.any(String) as string });
    await expect(send(envelope)).rejects.toEqual(refusal('LOGIN.REFUSED'));
    const thief = Identity.generate('busan');
    await expect(send(await login(thief))).rejects.toEqual(refusal('LOGIN.REFUSED'));
    await expect(send(await login(site.identity, { coordinatorKey: thief.keyId }))).rejects.toEqual(
      refusal('LOGIN.REFUSED'),
    );
  });

  it('keeps what happened in its ledger, which anyone can check', async () => {
    const text = await coordinator.people.reviewer.ledgerExport();
    const entries = text
      .split('\n')
      .filter((line) => line.startsWith('{"entry"'))
      .map(
        (line) => JSON.parse(Buffer.from((JSON.parse(line) as { entry: string }).entry, 'base64').toString()) as object,
      );
    expect(entries).toContainEqual(expect.objectContaining({ type: 'site-enrolled', siteId: 'seoul' }));
    expect(entries).toContainEqual(expect.objectContaining({ type: 'site-revoked', siteId: 'seoul' }));
  });
});
