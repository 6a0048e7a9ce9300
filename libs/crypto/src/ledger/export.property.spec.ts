import { createPrivateKey, sign } from 'node:crypto';
import fc from 'fast-check';
import { concatBytes, equalBytes, utf8 } from '../encoding/bytes';
import { Identity, type Signer } from '../identity/identity';
import { verifyEd25519Native } from '../node/native-ed25519';
import { type TreeHead } from './checkpoint';
import { exportLedger } from './export-ledger';
import { Ledger } from './ledger';
import { MemoryLedgerStore } from './memory-ledger-store';
import { noteKeyOf } from './note-key';
import { verifyLedgerExport } from './verify-ledger-export';

const numRuns = process.env['SLOW'] === undefined ? 30 : 400;
const identity = Identity.fromSecrets('example.org/ledger', {
  signingSeed: new Uint8Array(32).fill(1),
  boxSecret: new Uint8Array(32).fill(2),
});
/** The log's key in node:crypto, which makes the same signatures sooner. */
const x = Buffer.from(identity.public.signingKey).toString('base64url');
const d = Buffer.from(identity.exportSecrets().signingSeed).toString('base64url');
const privateKey = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x, d }, format: 'jwk' });
const log: Signer = { public: identity.public, sign: (message) => new Uint8Array(sign(null, message, privateKey)) };
const trust = { logKeys: [noteKeyOf(log.public, 'log')], verify: verifyEd25519Native };

/** A history: batches of entries, a checkpoint after each. */
type History = readonly (readonly string[])[];
const batch = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 4 });
const histories: fc.Arbitrary<History> = fc.array(batch, { minLength: 1, maxLength: 4 });

async function publish(history: History): Promise<{ file: Uint8Array; ledger: Ledger }> {
  const store = new MemoryLedgerStore();
  const ledger = new Ledger(store);
  for (const entries of history) {
    await ledger.append(entries.map(utf8));
    await ledger.checkpoint(log);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of exportLedger(store)) chunks.push(chunk);
  return { file: concatBytes(...chunks), ledger };
}

describe('whatever a log published before and after', () => {
  it('a verifier who kept any head accepts exactly the continuations of it', async () => {
    await fc.assert(
      fc.asyncProperty(histories, histories, fc.nat(), async (before, after, pick) => {
        const old = await publish(before);
        const size = (pick % (await old.ledger.size())) + 1;
        const known: TreeHead = await old.ledger.head(size);
        const { file } = await publish(after);
        const { ok, findings } = await verifyLedgerExport(file, { ...trust, known: [known] });
        const [first, second] = [before.flat(), after.flat()];
        const continues = first.slice(0, size).join() === second.slice(0, size).join() && second.length >= size;
        expect(ok).toBe(continues);
        if (!continues) {
          expect(findings.map(({ code }) => code)).toEqual([
            second.length < size ? 'LEDGER.TRUNCATED' : 'LEDGER.FORKED',
          ]);
        }
      }),
      { numRuns },
    );
  });

  it('an honest continuation has no findings whichever heads were kept', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const { file, ledger } = await publish(history);
        const sizes = Array.from({ length: (await ledger.size()) + 1 }, (_, size) => size);
        const known = await Promise.all(sizes.map((size) => ledger.head(size)));
        expect(await verifyLedgerExport(file, { ...trust, known })).toMatchObject({ ok: true, findings: [] });
      }),
      { numRuns },
    );
  });

  it('lines put together from two histories are never believed', async () => {
    await fc.assert(
      fc.asyncProperty(histories, histories, fc.nat(), async (before, after, cut) => {
        const [a, b] = [await publish(before), await publish(after)];
        const lines = (file: Uint8Array) => new TextDecoder().decode(file).split(/(?<=\n)/);
        const [linesA, linesB] = [lines(a.file), lines(b.file)];
        const at = 1 + (cut % (linesA.length - 1));
        const mixed = utf8([...linesA.slice(0, at), ...linesB.slice(at)].join(''));
        fc.pre(!equalBytes(mixed, a.file) && !equalBytes(mixed, b.file));
        expect((await verifyLedgerExport(mixed, trust)).ok).toBe(false);
      }),
      { numRuns },
    );
  });
});
