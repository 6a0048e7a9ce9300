/**
 * The shape of an RFC 9162 tree, without any hash. A node is named by its level (0 for leaves) and its index on that
 * level; it stands for the leaves `index * 2^level` up to `(index + 1) * 2^level`, all of which exist ("perfect").
 * Only perfect nodes are ever stored; hashes that span the ragged right edge are folded from them.
 */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** Largest power of two below `n` (n >= 2): where RFC 9162 splits n leaves. */
export function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/**
 * The perfect nodes that together cover the leaves `begin` to `end`, left to right. `begin` must be aligned as subtrees of a
 * tree are: a multiple of every power of two below `end - begin`. At most log2(end - begin) + 1 nodes.
 */
export function coveringNodes(begin: number, end: number): TreeNode[] {
  const nodes: TreeNode[] = [];
  for (let at = begin; at < end;) {
    let width = 1;
    let level = 0;
    while (width * 2 <= end - at) {
      width *= 2;
      level++;
    }
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

/** A run of leaves, `begin` up to but without `end`, whose hash is one element of a proof. */
export interface LeafRange {
  readonly begin: number;
  readonly end: number;
}

/** The ranges whose hashes make the inclusion proof of leaf `index` among `size`, lowest first (RFC 9162 section 2.1.3.1). */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let begin = 0;
  let end = size;
  while (end - begin > 1) {
    const middle = begin + splitPoint(end - begin);
    if (index < middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
    }
  }
  return ranges.reverse();
}

/** The ranges whose hashes make the proof that the tree of `oldSize` is a prefix of that of `newSize` (section 2.1.4.1). */
export function consistencyRanges(oldSize: number, newSize: number): LeafRange[] {
  if (oldSize === 0 || oldSize === newSize) return [];
  const ranges: LeafRange[] = [];
  let begin = 0;
  let end = newSize;
  // Whether the old tree's own root is a node on the path, known to the verifier and so left out.
  let complete = true;
  while (end !== oldSize) {
    const middle = begin + splitPoint(end - begin);
    if (oldSize <= middle) {
      ranges.push({ begin: middle, end });
      end = middle;
    } else {
      ranges.push({ begin, end: middle });
      begin = middle;
      complete = false;
    }
  }
  if (!complete) ranges.push({ begin, end });
  return ranges.reverse();
}
