import { emptyRoot, hashLeaf, hashNode } from './merkle-hash';
import { verifyConsistency, verifyInclusion } from './proof';

const hash = hashLeaf(Uint8Array.of(1));

describe('claims that no proof can show', () => {
  it.each([
    ['an index beyond the size', { index: 1, size: 1 }],
    ['an empty tree', { index: 0, size: 0 }],
    ['a negative index', { index: -1, size: 1 }],
    ['half an index', { index: 0.5, size: 1 }],
    ['an infinite tree', { index: 0, size: Infinity }],
    ['no number', { index: Number.NaN, size: 1 }],
    ['a size beyond 2^53', { index: 0, size: 2 ** 53 }],
  ])('inclusion: %s', (_, place) => {
    expect(verifyInclusion({ ...place, leafHash: hash, root: hash }, [])).toBe(false);
  });

  it('inclusion: hashes of another length', () => {
    const short = hash.subarray(1);
    expect(verifyInclusion({ index: 0, size: 1, leafHash: hash, root: hash }, [])).toBe(true);
    expect(verifyInclusion({ index: 0, size: 1, leafHash: short, root: short }, [])).toBe(false);
    expect(verifyInclusion({ index: 0, size: 2, leafHash: hash, root: hash }, [short])).toBe(false);
  });

  it('inclusion: the root of a subtree is not the root of the tree', () => {
    const [a, b] = [hashLeaf(Uint8Array.of(1)), hashLeaf(Uint8Array.of(2))];
    const root = hashNode(a, b);
    expect(verifyInclusion({ index: 0, size: 2, leafHash: a, root }, [b])).toBe(true);
    for (const size of [3, 4, 5, 100]) expect(verifyInclusion({ index: 0, size, leafHash: a, root }, [b])).toBe(false);
    expect(verifyInclusion({ index: 0, size: 2, leafHash: a, root: a }, [])).toBe(false);
    // Nor is a tree of two one of one, whatever the proof climbs on.
    expect(verifyInclusion({ index: 0, size: 1, leafHash: b, root }, [a])).toBe(false);
  });

  it('inclusion: a node is not an entry', () => {
    const node = hashNode(hash, hash);
    const asEntry = Uint8Array.from([...hash, ...hash]);
    expect(verifyInclusion({ index: 0, size: 1, leafHash: node, root: node }, [])).toBe(true);
    expect(verifyInclusion({ index: 0, size: 1, leafHash: hashLeaf(asEntry), root: node }, [])).toBe(false);
  });

  it.each([
    ['a tree that shrinks', { oldSize: 2, newSize: 1 }],
    ['sizes that are no counts', { oldSize: 0.5, newSize: 1 }],
    ['a negative size', { oldSize: -1, newSize: 1 }],
  ])('consistency: %s', (_, sizes) => {
    expect(verifyConsistency({ ...sizes, oldRoot: hash, newRoot: hash }, [])).toBe(false);
  });

  it('consistency: the same size needs the same root and no proof', () => {
    const same = { oldSize: 3, newSize: 3, oldRoot: hash };
    expect(verifyConsistency({ ...same, newRoot: hash }, [])).toBe(true);
    expect(verifyConsistency({ ...same, newRoot: hash }, [hash])).toBe(false);
    expect(verifyConsistency({ ...same, newRoot: emptyRoot() }, [])).toBe(false);
  });

  it('consistency: everything continues the empty tree', () => {
    expect(verifyConsistency({ oldSize: 0, newSize: 3, oldRoot: emptyRoot(), newRoot: hash }, [])).toBe(true);
    expect(verifyConsistency({ oldSize: 0, newSize: 3, oldRoot: emptyRoot(), newRoot: hash }, [hash])).toBe(false);
  });

  it('consistency: an empty proof shows nothing', () => {
    expect(verifyConsistency({ oldSize: 3, newSize: 4, oldRoot: hash, newRoot: hash }, [])).toBe(false);
    expect(verifyConsistency({ oldSize: 2, newSize: 4, oldRoot: hash, newRoot: hash }, [])).toBe(false);
  });
});
