import { type NewNode } from './compact-range';
import { type TreeNode } from './tree-shape';

/** What one append writes, all or nothing. */
export interface LedgerAppend {
  /** The size that the store must have for the append to take place. */
  readonly firstIndex: number;
  readonly entries: readonly Uint8Array[];
  /** Hashes of the leaves and of every inner node that they complete; never changed afterwards. */
  readonly nodes: readonly NewNode[];
}

/** A checkpoint as it is stored: its size for the search, the signed note for everything else. */
export interface StoredCheckpoint {
  readonly size: number;
  readonly note: string;
}

/**
 * Where a ledger keeps its entries, node hashes and checkpoints. Entries and hashes are written once and never change,
 * which suits a table with (level, index) as key, a key-value store or immutable files alike.
 */
export abstract class LedgerStore {
  /** Number of entries. */
  abstract size(): Promise<number>;

  /**
   * Writes the append in one transaction if the size still is `firstIndex`; else changes nothing.
   *
   * @throws LedgerError `LEDGER.CONFLICT` when another writer was faster
   */
  abstract append(append: LedgerAppend): Promise<void>;

  /** Hashes of these nodes, in this order. All of them are stored; `LEDGER.MISSING_NODE` when one is not. */
  abstract nodes(nodes: readonly TreeNode[]): Promise<Uint8Array[]>;

  /** Entries `begin` up to but without `end`, in order. */
  abstract entries(begin: number, end: number): AsyncIterable<Uint8Array>;

  /** Keeps a checkpoint; one of the same size is replaced (it has gained a cosignature). */
  abstract saveCheckpoint(checkpoint: StoredCheckpoint): Promise<void>;

  /** All checkpoints by growing size. */
  abstract checkpoints(): AsyncIterable<StoredCheckpoint>;

  /** The checkpoint of the largest size, if there is one. */
  abstract latestCheckpoint(): Promise<StoredCheckpoint | undefined>;
}
