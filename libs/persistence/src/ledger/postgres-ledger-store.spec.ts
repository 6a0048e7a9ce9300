import {
  cosign,
  exportLedger,
  hashLeaf,
  Identity,
  Ledger,
  type LedgerStore,
  MemoryLedgerStore,
  noteKeyOf,
  utf8,
  verifyInclusion,
  verifyLedgerExport,
} from '@fedistl/crypto';
import { canRunPostgres, openTestDatabase, type TestDatabase } from '../testing';
import { PostgresLedgerStore } from './postgres-ledger-store';

const seeded = (name: string, fill: number) =>
  Identity.fromSecrets(name, {
    signingSeed: new Uint8Array(32).fill(fill),
    boxSecret: new Uint8Array(32).fill(fill + 1),
  });
const log = seeded('example.org/ledger', 1);
const entry = (i: number) => utf8(`entry ${i}`);

/** What every store must do, whatever it is kept in. */
function storeContract(open: () => Promise<LedgerStore>): void {
  it('starts empty, grows and gives back what it holds', async () => {
    const store = await open();
    const ledger = new Ledger(store);
    expect(await ledger.size()).toBe(0);
    expect(await ledger.append([entry(0), entry(1)])).toBe(0);
    expect(await ledger.append([])).toBe(2);
    expect(await ledger.append([entry(2)])).toBe(2);
    const held: Uint8Array[] = [];
    for await (const each of store.entries(1, 3)) held.push(each);
    expect(held).toEqual([entry(1), entry(2)]);
  });

  it('loses no entry when many append at once', async () => {
    const ledger = new Ledger(await open());
    const places = await Promise.all(Array.from({ length: 6 }, (_, i) => ledger.append([entry(i), entry(100 + i)])));
    expect([...places].sort((a, b) => a - b)).toEqual([0, 2, 4, 6, 8, 10]);
    expect(await ledger.size()).toBe(12);
  });

  it('refuses an append at another size, and keeps none of it', async () => {
    const store = await open();
    await new Ledger(store).append([entry(0)]);
    const late = { firstIndex: 0, entries: [entry(9)], nodes: [{ level: 0, index: 0, hash: hashLeaf(entry(9)) }] };
    await expect(store.append(late)).rejects.toMatchObject({ code: 'LEDGER.CONFLICT' });
    expect(await store.size()).toBe(1);
    expect(await store.nodes([{ level: 0, index: 0 }])).toEqual([hashLeaf(entry(0))]);
    await expect(store.nodes([{ level: 3, index: 5 }])).rejects.toMatchObject({ code: 'LEDGER.MISSING_NODE' });
  });

  it('has the same heads, proofs and export as a ledger in memory', async () => {
    const [store, memory] = [await open(), new MemoryLedgerStore()];
    const [ledger, other] = [new Ledger(store), new Ledger(memory)];
    for (let i = 0; i < 13; i++) {
      for (const each of [ledger, other]) {
        await each.append([entry(i)]);
        if (i % 4 === 0) await each.checkpoint(log);
      }
      expect(await ledger.head()).toEqual(await other.head());
    }
    const { root, size } = await ledger.head();
    const proof = await ledger.inclusionProof(5, size);
    expect(proof).toEqual(await other.inclusionProof(5, size));
    expect(verifyInclusion({ leafHash: hashLeaf(entry(5)), index: 5, size, root }, proof)).toBe(true);
    expect(await ledger.consistencyProof(6, 13)).toEqual(await other.consistencyProof(6, 13));
    const text = async (from: LedgerStore) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of exportLedger(from)) pieces.push(piece);
      return Buffer.concat(pieces).toString();
    };
    expect(await text(store)).toBe(await text(memory));
    const verified = await verifyLedgerExport(exportLedger(store), { logKeys: [noteKeyOf(log.public, 'log')] });
    expect(verified.ok).toBe(true);
  });

  it('keeps one checkpoint a size, and the last cosignature of each witness', async () => {
    const store = await open();
    const ledger = new Ledger(store);
    expect(await store.latestCheckpoint()).toBeUndefined();
    await ledger.append([entry(0)]);
    const signed = await ledger.checkpoint(log);
    expect(await ledger.checkpoint(log)).toEqual(signed);
    await expect(store.saveCheckpoint(1, 'other\n')).rejects.toMatchObject({ code: 'LEDGER.CONFLICT' });
    const site = seeded('site-a', 10);
    const key = noteKeyOf(site.public, 'witness');
    await ledger.addCosignature(1, cosign(signed, site, 1000), key);
    await ledger.addCosignature(1, cosign(signed, site, 2000), key);
    expect((await store.checkpoint(1))?.cosignatures).toHaveLength(1);
    await expect(store.saveCosignature(7, cosign(signed, site, 1))).rejects.toMatchObject({
      code: 'LEDGER.NO_CHECKPOINT',
    });
  });
}

describe('the store in memory', () => {
  storeContract(() => Promise.resolve(new MemoryLedgerStore()));
});

(canRunPostgres() ? describe : describe.skip)('the store in PostgreSQL', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase();
  }, 120_000);
  afterAll(() => test.dispose());
  const open = async () => {
    await test.database.source.query('TRUNCATE ledger_entry, ledger_node, ledger_checkpoint, ledger_cosignature');
    return new PostgresLedgerStore(test.database.source.manager);
  };
  storeContract(open);

  it('appends with the transaction that it is in, or not at all', async () => {
    await open();
    const broken = test.database.transaction(async ({ ledger }) => {
      await ledger.lock();
      await new Ledger(ledger).append([entry(0)]);
      throw new Error('no');
    });
    await expect(broken).rejects.toThrow('no');
    const { ledger } = test.database.repositories;
    expect(await ledger.size()).toBe(0);
    const add = (i: number) =>
      test.database.transaction(async (repositories) => {
        await repositories.ledger.lock();
        return new Ledger(repositories.ledger).append([entry(i)]);
      });
    expect((await Promise.all([0, 1, 2, 3, 4].map(add))).sort()).toEqual([0, 1, 2, 3, 4]);
  });
});
