import { type NewNode } from './compact-range';
import { type NoteSignature } from './signed-note';
import { type TreeNode } from './tree-shape';

/** What one append writes, all or nothing. */
export interface LedgerAppend {
  /** The size that the store must have for the append to take place. */
  readonly firstIndex: number;
  readonly entries: readonly Uint8Array[];
  /** Hashes of the leaves and of every inner node that they complete; never changed afterwards. */
  readonly nodes: readonly NewNode[];
}

/** A checkpoint as it is stored. The log's signature and those of the witnesses are kept apart, so that witnesses may
 * answer at the same time. */
export interface StoredCheckpoint {
  readonly size: number;
  /** The note with the log's signature alone. */
  readonly note: string;
  /** Signature lines of witnesses, each with its line feed. */
  readonly cosignatures: readonly string[];
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

  /**
   * Keeps the log's own note for a size. Saving the same note again changes nothing.
   *
   * @throws LedgerError `LEDGER.CONFLICT` when another note is stored for this size
   */
  abstract saveCheckpoint(size: number, note: string): Promise<void>;

  /**
   * Adds a witness's line to the checkpoint of a size; replaces an older line of the same key (name and id).
   *
   * @throws LedgerError `LEDGER.NO_CHECKPOINT` when none is stored for this size
   */
  abstract saveCosignature(size: number, cosignature: NoteSignature): Promise<void>;

  /** All checkpoints by growing size. */
  abstract checkpoints(): AsyncIterable<StoredCheckpoint>;

  abstract checkpoint(size: number): Promise<StoredCheckpoint | undefined>;

  /** The checkpoint of the largest size, if there is one. */
  abstract latestCheckpoint(): Promise<StoredCheckpoint | undefined>;
}
