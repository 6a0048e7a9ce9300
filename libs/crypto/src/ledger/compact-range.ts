import { emptyRoot, hashNode } from './merkle-hash';
import { coveringNodes, type TreeNode } from './tree-shape';

/** A node that an append completed, with its hash. */
export interface NewNode extends TreeNode {
  readonly hash: Uint8Array;
}

/**
 * All that must be remembered of a tree to go on appending and to know its root: the hashes of the perfect subtrees from
 * the left, one for each 1 bit of the size. At most log2(size) + 1 hashes, however many entries.
 */
export class CompactRange {
  /** Hash of the perfect subtree at each level that the size has a 1 bit for; `undefined` for a 0 bit. */
  readonly #levels: (Uint8Array | undefined)[] = [];
  #size = 0;

  /** The range of a tree of `size` entries, from the hashes of `CompactRange.nodesOf(size)` in that order. */
  static restore(size: number, hashes: readonly Uint8Array[]): CompactRange {
    const range = new CompactRange();
    range.#size = size;
    CompactRange.nodesOf(size).forEach((node, i) => {
      range.#levels[node.level] = hashes[i];
    });
    return range;
  }

  /** Which stored nodes hold the hashes of this range, left to right. */
  static nodesOf(size: number): TreeNode[] {
    return coveringNodes(0, size);
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a leaf; returns the leaf and every inner node that it completes, lowest first: 2 on average, log2(size) at most. */
  append(leafHash: Uint8Array): NewNode[] {
    const added: NewNode[] = [{ level: 0, index: this.#size, hash: leafHash }];
    let hash = leafHash;
    let level = 0;
    let index = this.#size;
    for (let left = this.#levels[0]; left !== undefined; left = this.#levels[level]) {
      this.#levels[level] = undefined;
      hash = hashNode(left, hash);
      level++;
      index = (index - 1) / 2;
      added.push({ level, index, hash });
    }
    this.#levels[level] = hash;
    this.#size++;
    return added;
  }

  /** Root of the tree as it is now (RFC 9162 section 2.1.1). */
  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (const hash of this.#levels) {
      if (hash !== undefined) root = root === undefined ? hash : hashNode(hash, root);
    }
    return root ?? emptyRoot();
  }
}
