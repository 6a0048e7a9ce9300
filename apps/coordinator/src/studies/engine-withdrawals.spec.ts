import { noteKeyOf, verifyLedgerExport } from '@fedistl/crypto';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import { canRunPostgres } from '@fedistl/persistence/testing';
import { studyId, TestFederation } from './testing/test-federation';

const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

(canRunPostgres() ? describe : describe.skip)('a withdrawal', () => {
  let federation: TestFederation;
  beforeEach(async () => {
    federation = await TestFederation.start(['busan', 'daegu', 'seoul']);
    await federation.startStudy();
    await federation.site('busan').work(federation);
    await federation.drain();
  }, 60_000);
  afterEach(() => federation.dispose());

  const withdrawals = async () => (await federation.ledger()).filter(({ type }) => type.endsWith('-withdrawal'));

  it('from an evaluation is one entry, however often it is said, with its code and without its sentence', async () => {
    const word = { studyId, generation: 0, code: 'NODE.HOLD_OUT_TOO_SMALL', message: 'only Mrs Kim has it' };
    const { siteId } = federation.site('daegu');
    const { code } = word;
    const at = federation.clock.now().toISOString();
    const entry = { type: 'evaluation-withdrawal', version: 1, at, studyId, generation: 0, siteId, code };
    await Promise.all([federation.evaluations.withdraw(siteId, word), federation.evaluations.withdraw(siteId, word)]);
    expect(await withdrawals()).toEqual([entry]);
    await federation.site('busan').work(federation);
    await federation.site('seoul').work(federation);
    await federation.drain();
    expect(await federation.decisions()).toEqual(['promoted']);
    // The answer got lost, and the evaluation is over.
    await federation.evaluations.withdraw(siteId, word);
    // One that is refused leaves nothing.
    await expect(federation.evaluations.withdraw(federation.site('seoul').siteId, word)).rejects.toThrow(
      refused('EVALUATION.CONFLICT'),
    );
    expect(await withdrawals()).toEqual([entry]);
    expect(JSON.stringify(await federation.ledger())).not.toContain('Kim');
  }, 60_000);

  it('from a round is one entry, before what follows from it; the verifier holds it against the signed tree', async () => {
    for (const site of federation.sites) await site.work(federation);
    await federation.drain();
    const [busan, daegu, seoul] = federation.sites.map(({ siteId }) => siteId);
    const key = { studyId, generation: 1, round: 1, attempt: 1 };
    const word = { ...key, code: 'POLICY.OUTSIDE_HOURS', message: 'night' };
    const entry = (siteId: typeof busan) => ({
      ...{ type: 'round-withdrawal', version: 1, at: federation.clock.now().toISOString(), ...key },
      ...{ siteId, code: 'POLICY.OUTSIDE_HOURS' },
    });
    await federation.rounds.withdraw(seoul!, word);
    await federation.rounds.withdraw(seoul!, { ...word, code: 'NODE.DISK_FULL' });
    expect(await withdrawals()).toEqual([entry(seoul)]);
    // With the second, too few are left: the attempt ends, and says so behind the reason.
    await federation.rounds.withdraw(daegu!, word);
    await expect(federation.rounds.withdraw(busan!, word)).rejects.toThrow(refused('ROUND.NOT_OPEN'));
    const ledger = await federation.ledger();
    expect(ledger.slice(-2)).toEqual([entry(daegu), expect.objectContaining({ type: 'round-failed' })]);
    expect(await withdrawals()).toEqual([entry(seoul), entry(daegu)]);

    const chunks: Uint8Array[] = [];
    for await (const chunk of federation.audit.export()) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const logKeys = [noteKeyOf(federation.identity.public, 'log')];
    const verify = (what: string) => verifyLedgerExport(Buffer.from(what), { logKeys, verify: verifyEd25519Native });
    expect((await verify(text)).findings).toEqual([]);
    const encoded = (code: string) => {
      const line = text.split('\n').find((one) => decoded(one).includes('"round-withdrawal"')) ?? '';
      const { entry: was } = JSON.parse(line) as { entry: string };
      const now = Buffer.from(Buffer.from(was, 'base64').toString().replace('POLICY.OUTSIDE_HOURS', code));
      return text.replace(was, now.toString('base64'));
    };
    const { findings } = await verify(encoded('POLICY.OUTSIDE_HOUR5'));
    expect(findings.map(({ code }) => code)).toContain('LEDGER.REWRITTEN');
  }, 60_000);
});

/** The entry of a line of an export; empty for another line. */
function decoded(line: string): string {
  if (!line.startsWith('{"entry"')) return '';
  return Buffer.from((JSON.parse(line) as { entry: string }).entry, 'base64').toString();
}
