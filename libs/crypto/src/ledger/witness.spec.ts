import { utf8 } from '../encoding/bytes';
import { verify as verifyNode, createPublicKey } from 'node:crypto';
import { Identity } from '../identity/identity';
import { verifyEd25519Native } from '../node/native-ed25519';
import { formatCheckpoint, parseCheckpoint, signCheckpoint, type TreeHead } from './checkpoint';
import { formatSignedNote } from './signed-note';
import { cosign, cosignatureStatus, cosignatureTime, withSignature } from './cosignature';
import { Ledger } from './ledger';
import { emptyRoot } from './merkle-hash';
import { MemoryLedgerStore } from './memory-ledger-store';
import { noteKeyOf } from './note-key';
import { judgeCheckpoint, witnessCheckpoint } from './witness';

const seeded = (name: string, fill: number) =>
  Identity.fromSecrets(name, {
    signingSeed: new Uint8Array(32).fill(fill),
    boxSecret: new Uint8Array(32).fill(fill + 1),
  });
const log = seeded('example.org/ledger', 1);
const site = seeded('site-a', 10);
const logKey = noteKeyOf(log.public, 'log');
const siteKey = noteKeyOf(site.public, 'witness');
const time = 1_764_000_000;
const verify = verifyEd25519Native;

const entries = (count: number, tag = 'entry') => Array.from({ length: count }, (_, i) => utf8(`${tag} ${i}`));
async function ledgerOf(...batches: Uint8Array[][]) {
  const ledger = new Ledger(new MemoryLedgerStore());
  for (const batch of batches) await ledger.append(batch);
  return ledger;
}

describe('a witness', () => {
  it('follows an honest log from nothing, step by step', async () => {
    const ledger = await ledgerOf(entries(3));
    let trusted: TreeHead | undefined;
    for (const more of [0, 4, 0, 9]) {
      if (more > 0) await ledger.append(entries(more, `after ${more}`));
      const checkpoint = await ledger.checkpoint(log);
      const proof = await ledger.consistencyProof(trusted?.size ?? 0, checkpoint.size);
      const answer = witnessCheckpoint({ logKey, trusted, checkpoint, proof, verify }, site, time);
      if (!answer.accepted) throw new Error(answer.refusal);
      await ledger.addCosignature(checkpoint.size, answer.cosignature, siteKey);
      const latest = await ledger.latestCheckpoint();
      expect(cosignatureStatus(latest!, siteKey, verify)).toBe('valid');
      expect(cosignatureTime(latest!, siteKey)).toBe(time);
      trusted = answer.head;
    }
    expect(trusted?.size).toBe(16);
  });

  it('signs the message of tlog-cosignature, as node:crypto sees it', async () => {
    const checkpoint = await (await ledgerOf(entries(2))).checkpoint(log);
    const { signature } = cosign(checkpoint, site, time);
    const message = utf8(`cosignature/v1\ntime ${time}\n${checkpoint.note.text}`);
    const x = Buffer.from(site.public.signingKey).toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    expect(verifyNode(null, message, key, signature.subarray(8))).toBe(true);
    expect(Buffer.from(signature.subarray(0, 8)).readBigUInt64BE()).toBe(BigInt(time));
  });

  it('has a cosignature that a changed time spoils', async () => {
    const checkpoint = await (await ledgerOf(entries(2))).checkpoint(log);
    const cosignature = cosign(checkpoint, site, time);
    for (let at = 0; at < 72; at++) {
      const signature = Uint8Array.from(cosignature.signature);
      signature[at]! ^= 1;
      expect(cosignatureStatus(withSignature(checkpoint, { ...cosignature, signature }), siteKey, verify)).toBe(
        'invalid',
      );
    }
    expect(cosignatureStatus(checkpoint, siteKey, verify)).toBe('absent');
    expect(cosignatureStatus(withSignature(checkpoint, cosignature), logKey, verify)).toBe('absent');
  });
});

describe('a witness withholds its signature', () => {
  const judge = async (trusted: TreeHead | undefined, shown: Ledger, proof: readonly Uint8Array[], signer = log) => {
    const checkpoint = signCheckpoint(await shown.head(), signer);
    return judgeCheckpoint({ logKey, trusted, checkpoint, proof, verify });
  };

  it('from a checkpoint of another key, or under another name', async () => {
    const ledger = await ledgerOf(entries(3));
    const impostor = seeded('example.org/ledger', 30);
    const other = Identity.fromSecrets('example.org/other', log.exportSecrets());
    for (const signer of [impostor, other]) {
      expect(await judge(undefined, ledger, [], signer)).toEqual({ accepted: false, refusal: 'bad-signature' });
    }
  });

  it('from a checkpoint that the right key signed under the origin of another log', async () => {
    const ledger = await ledgerOf(entries(3));
    const text = formatCheckpoint({ ...(await ledger.head()), origin: 'example.org/other' });
    const line = { name: logKey.name, id: logKey.id, signature: log.sign(utf8(text)) };
    const checkpoint = parseCheckpoint(formatSignedNote({ text, signatures: [line] }));
    const answer = judgeCheckpoint({ logKey, trusted: undefined, checkpoint, proof: [], verify });
    expect(answer).toEqual({ accepted: false, refusal: 'bad-signature' });
  });

  it('from a checkpoint with a second line of the key that does not verify', async () => {
    const ledger = await ledgerOf(entries(3));
    const good = signCheckpoint(await ledger.head(), log);
    const [line] = good.note.signatures;
    const bad = { ...line!, signature: new Uint8Array(64) };
    for (const signatures of [
      [line!, bad],
      [bad, line!],
    ]) {
      const checkpoint = { ...good, note: { ...good.note, signatures } };
      const answer = judgeCheckpoint({ logKey, trusted: undefined, checkpoint, proof: [], verify });
      expect(answer).toEqual({ accepted: false, refusal: 'bad-signature' });
    }
  });

  it('from a log that went back', async () => {
    const trusted = await (await ledgerOf(entries(5))).head();
    expect(await judge(trusted, await ledgerOf(entries(4)), [])).toEqual({ accepted: false, refusal: 'rolled-back' });
  });

  it('from a second tree of the same size', async () => {
    const trusted = await (await ledgerOf(entries(5))).head();
    expect(await judge(trusted, await ledgerOf(entries(5, 'other')), [])).toEqual({
      accepted: false,
      refusal: 'forked',
    });
  });

  it('from a tree that rewrote what was there, whatever proof it shows', async () => {
    const honest = await ledgerOf(entries(5), entries(4, 'more'));
    const trusted = await honest.head(5);
    const rewritten = await ledgerOf(entries(4), entries(1, 'other'), entries(4, 'more'));
    for (const proof of [[], await rewritten.consistencyProof(5, 9), await honest.consistencyProof(5, 9)]) {
      expect(await judge(trusted, rewritten, proof)).toEqual({ accepted: false, refusal: 'inconsistent' });
    }
  });

  it('from a continuation without its proof', async () => {
    const ledger = await ledgerOf(entries(9));
    expect(await judge(await ledger.head(5), ledger, [])).toEqual({ accepted: false, refusal: 'inconsistent' });
  });

  it('when it is told to trust an impossible empty tree', async () => {
    const trusted = { size: 0, root: new Uint8Array(32) };
    expect(await judge(trusted, await ledgerOf(entries(2)), [])).toEqual({ accepted: false, refusal: 'forked' });
    expect(await judge({ size: 0, root: emptyRoot() }, await ledgerOf(entries(2)), [])).toMatchObject({
      accepted: true,
    });
  });

  it.each([0, -5, 1.5, Number.NaN])('at the time %p', async (when) => {
    const checkpoint = await (await ledgerOf(entries(2))).checkpoint(log);
    expect(() => cosign(checkpoint, site, when)).toThrow(expect.objectContaining({ code: 'LEDGER.TIME' }) as Error);
  });
});
