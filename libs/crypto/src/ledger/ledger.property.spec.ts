import fc from 'fast-check';
import { equalBytes, utf8 } from '../encoding/bytes';
import { Ledger } from './ledger';
import { emptyRoot, hashLeaf, hashNode } from './merkle-hash';
import { MemoryLedgerStore } from './memory-ledger-store';
import { verifyConsistency, verifyInclusion } from './proof';
import { type TreeNode } from './tree-shape';

/** The tree by the book: MTH, PATH and SUBPROOF of RFC 9162 section 2.1, recursively over the whole list. */
const split = (n: number) => 2 ** (Math.ceil(Math.log2(n)) - 1);
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return emptyRoot();
  if (leaves.length === 1) return leaves[0]!;
  const k = split(leaves.length);
  return hashNode(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}
function naivePath(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...naivePath(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
    : [...naivePath(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))];
}
function naiveSubproof(m: number, leaves: readonly Uint8Array[], known: boolean): Uint8Array[] {
  if (m === leaves.length) return known ? [] : [naiveRoot(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...naiveSubproof(m, leaves.slice(0, k), known), naiveRoot(leaves.slice(k))]
    : [...naiveSubproof(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))];
}

/** Counts what a ledger reads and writes. */
class CountingStore extends MemoryLedgerStore {
  reads = 0;
  hashesRead = 0;
  override nodes(nodes: readonly TreeNode[]): Promise<Uint8Array[]> {
    this.reads++;
    this.hashesRead += nodes.length;
    return super.nodes(nodes);
  }
}

const entries = Array.from({ length: 70 }, (_, i) => utf8(`entry ${i}`));
const leaves = entries.map(hashLeaf);
const numRuns = process.env['SLOW'] === undefined ? 60 : 600;

describe('a ledger, against the naive tree', () => {
  const store = new CountingStore();
  const ledger = new Ledger(store);
  beforeAll(() => ledger.append(entries));

  it('has the same root at every size', async () => {
    for (let size = 0; size <= entries.length; size++) {
      expect((await ledger.head(size)).root).toEqual(naiveRoot(leaves.slice(0, size)));
    }
  });

  it('has the same proofs of inclusion, which verify, from one read of few hashes', async () => {
    for (let size = 1; size <= entries.length; size += 3) {
      const root = naiveRoot(leaves.slice(0, size));
      for (let index = 0; index < size; index += 2) {
        [store.reads, store.hashesRead] = [0, 0];
        const proof = await ledger.inclusionProof(index, size);
        expect(store.reads).toBe(1);
        expect(store.hashesRead).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(size)));
        expect(proof).toEqual(naivePath(index, leaves.slice(0, size)));
        expect(verifyInclusion({ index, size, leafHash: leaves[index]!, root }, proof)).toBe(true);
      }
    }
  });

  it('has the same proofs of consistency, which verify', async () => {
    for (let newSize = 1; newSize <= entries.length; newSize += 3) {
      const newRoot = naiveRoot(leaves.slice(0, newSize));
      for (let oldSize = 1; oldSize <= newSize; oldSize += 2) {
        const proof = await ledger.consistencyProof(oldSize, newSize);
        expect(proof).toEqual(naiveSubproof(oldSize, leaves.slice(0, newSize), true));
        const oldRoot = naiveRoot(leaves.slice(0, oldSize));
        expect(verifyConsistency({ oldSize, oldRoot, newSize, newRoot }, proof)).toBe(true);
      }
    }
  });

  it('does not depend on how the entries were batched', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }), async (batches) => {
        const other = new Ledger(new MemoryLedgerStore());
        let size = 0;
        for (const count of batches) {
          expect(await other.append(entries.slice(size, size + count))).toBe(Math.min(size, entries.length));
          size = Math.min(size + count, entries.length);
        }
        expect((await other.head()).root).toEqual(naiveRoot(leaves.slice(0, size)));
      }),
      { numRuns: 20 },
    );
  });
});

describe('no proof shows a falsehood', () => {
  const ledger = new Ledger(new MemoryLedgerStore());
  beforeAll(() => ledger.append(entries));
  const sizes = fc.integer({ min: 1, max: entries.length });

  it('of inclusion', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), fc.nat(255), async (size, i, j, mask) => {
        const index = i % size;
        const proof = await ledger.inclusionProof(index, size);
        const root = naiveRoot(leaves.slice(0, size));
        const claim = { index, size, leafHash: leaves[index]!, root };
        const other = j % entries.length;
        if (other !== index) {
          expect(verifyInclusion({ ...claim, leafHash: leaves[other]! }, proof)).toBe(false);
          expect(verifyInclusion({ ...claim, index: other }, proof)).toBe(false);
        }
        expect(verifyInclusion({ ...claim, root: changed(root, j, mask) }, proof)).toBe(false);
        expect(verifyInclusion(claim, [...proof, root])).toBe(false);
        if (proof.length > 0) {
          expect(verifyInclusion(claim, proof.slice(1))).toBe(false);
          expect(verifyInclusion(claim, proof.with(j % proof.length, changed(proof[j % proof.length]!, j, mask)))).toBe(
            false,
          );
        }
      }),
      { numRuns },
    );
  });

  it('of consistency', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.nat(), fc.nat(255), async (a, b, j, mask) => {
        const [oldSize, newSize] = [Math.min(a, b), Math.max(a, b)];
        const proof = await ledger.consistencyProof(oldSize, newSize);
        const [oldRoot, newRoot] = [naiveRoot(leaves.slice(0, oldSize)), naiveRoot(leaves.slice(0, newSize))];
        const claim = { oldSize, oldRoot, newSize, newRoot };
        expect(verifyConsistency({ ...claim, oldRoot: changed(oldRoot, j, mask) }, proof)).toBe(false);
        expect(verifyConsistency({ ...claim, newRoot: changed(newRoot, j, mask) }, proof)).toBe(false);
        expect(verifyConsistency(claim, [...proof, newRoot])).toBe(false);
        if (oldSize < newSize) {
          expect(verifyConsistency({ ...claim, oldSize: newSize, newSize: oldSize }, proof)).toBe(false);
          expect(verifyConsistency(claim, proof.slice(1))).toBe(false);
          const at = j % proof.length;
          expect(verifyConsistency(claim, proof.with(at, changed(proof[at]!, j, mask)))).toBe(false);
        }
      }),
      { numRuns },
    );
  });

  it('with a rewritten entry: the old head and the new are never consistent', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.nat(), async (a, b, j) => {
        const [oldSize, newSize] = [Math.min(a, b), Math.max(a, b)];
        const rewritten = entries.with(j % oldSize, utf8('rewritten'));
        const forged = new Ledger(new MemoryLedgerStore());
        await forged.append(rewritten);
        const oldRoot = naiveRoot(leaves.slice(0, oldSize));
        const claim = { oldSize, oldRoot, newSize, newRoot: (await forged.head(newSize)).root };
        expect(verifyConsistency(claim, await forged.consistencyProof(oldSize, newSize))).toBe(false);
        expect(verifyConsistency(claim, await ledger.consistencyProof(oldSize, newSize))).toBe(false);
      }),
      { numRuns: 25 },
    );
  });

  function changed(hash: Uint8Array, at: number, mask: number): Uint8Array {
    const copy = Uint8Array.from(hash);
    copy[at % 32]! ^= mask === 0 ? 1 : mask;
    expect(equalBytes(copy, hash)).toBe(false);
    return copy;
  }
});
