import { canRunPostgres } from '@fedistl/persistence/testing';
import { TestCoordinator } from '../testing/test-coordinator';
import { TestSite } from '../testing/test-site';

const describeWithPostgres = canRunPostgres() ? describe : describe.skip;

describeWithPostgres('proposals', () => {
  let coordinator: TestCoordinator;
  let lead: string;
  let reviewer: string;
  const revoke = (siteId: string) => ({ action: 'revoke-site', siteId, cause: 'key-compromised' });
  const propose = async (token: string, siteId: string) =>
    (await coordinator.call('propose', { token, body: { proposal: revoke(siteId), reason: 'stolen laptop' } })).id;
  const body = { reason: 'checked by telephone' };

  beforeAll(async () => {
    coordinator = await TestCoordinator.start();
    lead = await coordinator.person('Lee', 'study-lead');
    reviewer = await coordinator.person('Park', 'reviewer');
  }, 120_000);

  afterAll(async () => {
    await coordinator.dispose();
  });

  it('revoke a site for the next request, its sessions and its key for good, with a record in the ledger', async () => {
    const site = await TestSite.approved(coordinator, 'seoul');
    const token = await site.login();
    const before = await coordinator.call('ledgerCheckpoint', { token: lead });
    const id = await propose(lead, 'seoul');
    await coordinator.call('siteSelf', { token });

    const decided = await coordinator.call('approveProposal', { token: reviewer, params: { id }, body });
    expect(decided).toMatchObject({ state: 'approved', proposedBy: 'Lee', decidedBy: 'Park' });
    expect(await coordinator.refusal('siteSelf', { token })).toMatch(/^40[13] (?:ACCESS.BAD_TOKEN|SITE.REVOKED)$/);
    const envelope = await site.loginEnvelope(await site.challenge());
    expect(await coordinator.refusal('login', { body: { envelope } })).toBe('403 SITE.REVOKED');

    expect((await coordinator.call('ledgerCheckpoint', { token: lead })).checkpoint).not.toBe(before.checkpoint);
    const records: { type: string }[] = await coordinator.testDatabase.database.source.query(
      `SELECT "type" FROM "signed_record" WHERE "type" = 'revocation'`,
    );
    expect(records).toHaveLength(1);

    // A new key comes in by a new code; the revoked one does not.
    const again = new TestSite(coordinator, 'seoul', site.identity);
    const code = await again.code();
    expect(await coordinator.refusal('enrol', { body: { code, envelope: again.enrolmentEnvelope(code) } })).toBe(
      '409 ENROLMENT.KEY_KNOWN',
    );
    await expect(new TestSite(coordinator, 'seoul').enrol(code)).resolves.toMatchObject({ state: 'pending' });
  });

  it('are never decided by the proposer, whatever token is used', async () => {
    await TestSite.approved(coordinator, 'busan');
    const administrator = await coordinator.person('Kim', 'administrator');
    const id = await propose(administrator, 'busan');
    expect(await coordinator.refusal('approveProposal', { token: administrator, params: { id }, body })).toBe(
      '403 ACCESS.FOUR_EYES',
    );
    const second = await coordinator.person('Kim', 'reviewer');
    expect(await coordinator.refusal('refuseProposal', { token: second, params: { id }, body })).toBe(
      '403 ACCESS.FOUR_EYES',
    );
    expect(await coordinator.refusal('approveProposal', { token: lead, params: { id }, body })).toBe(
      '403 ACCESS.FORBIDDEN',
    );
    await coordinator.call('refuseProposal', { token: reviewer, params: { id }, body });
    const site = await coordinator.call('showSite', { token: reviewer, params: { siteId: 'busan' } });
    expect(site.state).toBe('approved');
  });

  it('are decided once, also when two people decide at the same time', async () => {
    await TestSite.approved(coordinator, 'daegu');
    const id = await propose(lead, 'daegu');
    const other = await coordinator.person('Choi', 'reviewer');
    const statuses = await Promise.all(
      [reviewer, other].map(
        async (token) => (await coordinator.request('approveProposal', { token, params: { id }, body })).status,
      ),
    );
    expect(statuses.sort()).toEqual([200, 409]);
    expect(await coordinator.refusal('refuseProposal', { token: reviewer, params: { id }, body })).toBe(
      '409 PROPOSAL.DECIDED',
    );
  });

  it('are refused at once when they name nothing', async () => {
    const refusal = (proposal: object) =>
      coordinator.refusal('propose', { token: lead, body: { proposal, reason: 'why' } });
    expect(await refusal(revoke('nowhere'))).toBe('404 SITE.NOT_FOUND');
    expect(await refusal({ action: 'promote', studyId: 'nothing', modelHash: 'a'.repeat(64) })).toBe(
      '404 STUDY.UNKNOWN',
    );
    expect(await refusal({ action: 'delete-site', siteId: 'busan' })).toBe('400 PROTOCOL.INVALID_MESSAGE');
    const id = '00000000-0000-4000-8000-000000000000';
    expect(await coordinator.refusal('approveProposal', { token: reviewer, params: { id }, body })).toBe(
      '404 PROPOSAL.NOT_FOUND',
    );
  });

  it('are listed, the newest first', async () => {
    const { proposals } = await coordinator.call('listProposals', { token: reviewer });
    const times = proposals.map(({ proposedAt }) => proposedAt);
    expect(times).toEqual([...times].sort().reverse());
    expect(proposals.length).toBeGreaterThan(2);
  });
});
