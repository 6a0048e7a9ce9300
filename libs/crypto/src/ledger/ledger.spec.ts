import { utf8 } from '../encoding/bytes';
import { Identity } from '../identity/identity';
import { cosign } from './cosignature';
import { Ledger, maximumEntryLength } from './ledger';
import { type LedgerAppend, type StoredCheckpoint } from './ledger-store';
import { emptyRoot } from './merkle-hash';
import { MemoryLedgerStore } from './memory-ledger-store';
import { noteKeyOf } from './note-key';

const seeded = (name: string, fill: number) =>
  Identity.fromSecrets(name, {
    signingSeed: new Uint8Array(32).fill(fill),
    boxSecret: new Uint8Array(32).fill(fill + 1),
  });
const log = seeded('example.org/ledger', 1);
const entry = (i: number) => utf8(`entry ${i}`);

describe('a ledger', () => {
  it('starts empty, grows and gives back what it holds', async () => {
    const store = new MemoryLedgerStore();
    const ledger = new Ledger(store);
    expect(await ledger.head()).toEqual({ size: 0, root: emptyRoot() });
    expect(await ledger.append([entry(0), entry(1)])).toBe(0);
    expect(await ledger.append([])).toBe(2);
    expect(await ledger.append([entry(2)])).toBe(2);
    const held: Uint8Array[] = [];
    for await (const each of store.entries(0, 3)) held.push(each);
    expect(held).toEqual([entry(0), entry(1), entry(2)]);
  });

  it('loses no entry when many append at once', async () => {
    const ledger = new Ledger(new MemoryLedgerStore());
    const places = await Promise.all(Array.from({ length: 8 }, (_, i) => ledger.append([entry(i), entry(100 + i)])));
    expect([...places].sort((a, b) => a - b)).toEqual([0, 2, 4, 6, 8, 10, 12, 14]);
    expect(await ledger.size()).toBe(16);
  });

  it('gives up when others are always faster', async () => {
    class Busy extends MemoryLedgerStore {
      tries = 0;
      override append(append: LedgerAppend): Promise<void> {
        this.tries++;
        return super.append({ ...append, firstIndex: append.firstIndex + 1 });
      }
    }
    const store = new Busy();
    await expect(new Ledger(store).append([entry(0)])).rejects.toMatchObject({ code: 'LEDGER.CONFLICT' });
    expect(store.tries).toBe(8);
  });

  it.each([0, maximumEntryLength + 1])('refuses an entry of %d bytes and keeps none of its batch', async (length) => {
    const ledger = new Ledger(new MemoryLedgerStore());
    await expect(ledger.append([entry(0), new Uint8Array(length)])).rejects.toMatchObject({
      code: 'LEDGER.ENTRY_LENGTH',
    });
    expect(await ledger.size()).toBe(0);
  });

  it('refuses proofs of what it does not have', async () => {
    const ledger = new Ledger(new MemoryLedgerStore());
    await ledger.append([entry(0), entry(1)]);
    const range = { code: 'LEDGER.RANGE' };
    await expect(ledger.inclusionProof(2, 2)).rejects.toMatchObject(range);
    await expect(ledger.inclusionProof(0, 3)).rejects.toMatchObject(range);
    await expect(ledger.inclusionProof(0, 0)).rejects.toMatchObject(range);
    await expect(ledger.inclusionProof(-1, 2)).rejects.toMatchObject(range);
    await expect(ledger.consistencyProof(2, 1)).rejects.toMatchObject(range);
    await expect(ledger.consistencyProof(0, 3)).rejects.toMatchObject(range);
    await expect(ledger.head(2.5)).rejects.toMatchObject(range);
  });
});

describe('checkpoints', () => {
  it('are signed once for a size and kept', async () => {
    const ledger = new Ledger(new MemoryLedgerStore());
    await ledger.append([entry(0)]);
    const first = await ledger.checkpoint(log);
    expect(await ledger.checkpoint(log)).toEqual(first);
    await ledger.append([entry(1)]);
    expect((await ledger.checkpoint(log)).size).toBe(2);
    expect((await ledger.latestCheckpoint())?.size).toBe(2);
  });

  it('are refused once the store has lost or changed what was signed', async () => {
    const signed = new MemoryLedgerStore();
    const ledger = new Ledger(signed);
    await ledger.append([entry(0), entry(1)]);
    const { note } = (await new Ledger(signed).checkpoint(log).then(() => signed.latestCheckpoint()))!;
    for (const restored of [[entry(0)], [entry(0), entry(9)], [entry(0), entry(9), entry(2)]]) {
      const store = new MemoryLedgerStore();
      await new Ledger(store).append(restored);
      await store.saveCheckpoint(2, note);
      await expect(new Ledger(store).checkpoint(log)).rejects.toMatchObject({ code: 'LEDGER.INCONSISTENT' });
    }
  });

  it('take cosignatures of witnesses, in any order, on older sizes too', async () => {
    const ledger = new Ledger(new MemoryLedgerStore());
    await ledger.append([entry(0)]);
    const old = await ledger.checkpoint(log);
    await ledger.append([entry(1)]);
    await ledger.checkpoint(log);
    const [a, b] = [seeded('site-a', 10), seeded('site-b', 20)];
    const keys = [a, b].map((site) => noteKeyOf(site.public, 'witness'));
    await Promise.all([b, a].map((site, i) => ledger.addCosignature(1, cosign(old, site, 1000), keys[1 - i]!)));
    await ledger.addCosignature(1, cosign(old, a, 2000), keys[0]!);
    const stored: StoredCheckpoint | undefined = await (
      ledger as unknown as { store: MemoryLedgerStore }
    ).store.checkpoint(1);
    expect(stored?.cosignatures).toHaveLength(2);

    await expect(ledger.addCosignature(3, cosign(old, a, 1000), keys[0]!)).rejects.toMatchObject({
      code: 'LEDGER.NO_CHECKPOINT',
    });
    await expect(ledger.addCosignature(2, cosign(old, a, 1000), keys[0]!)).rejects.toMatchObject({
      code: 'LEDGER.COSIGNATURE',
    });
    await expect(ledger.addCosignature(1, cosign(old, a, 1000), keys[1]!)).rejects.toMatchObject({
      code: 'LEDGER.COSIGNATURE',
    });
  });
});

describe('the store in memory', () => {
  it('refuses a second, other checkpoint of a size, and takes the same again', async () => {
    const store = new MemoryLedgerStore();
    await store.saveCheckpoint(1, 'note\n');
    await store.saveCheckpoint(1, 'note\n');
    await expect(store.saveCheckpoint(1, 'other\n')).rejects.toMatchObject({ code: 'LEDGER.CONFLICT' });
    await expect(store.saveCosignature(2, { name: 'a', id: '00000000', signature: entry(0) })).rejects.toMatchObject({
      code: 'LEDGER.NO_CHECKPOINT',
    });
    await expect(store.nodes([{ level: 0, index: 0 }])).rejects.toMatchObject({ code: 'LEDGER.MISSING_NODE' });
  });

  it('keeps copies of entries', async () => {
    const store = new MemoryLedgerStore();
    const bytes = entry(0);
    await new Ledger(store).append([bytes]);
    bytes.fill(0);
    for await (const held of store.entries(0, 1)) expect(held).toEqual(entry(0));
  });
});
