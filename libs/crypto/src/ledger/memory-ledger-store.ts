import { LedgerError } from '../crypto.errors';
import { type LedgerAppend, LedgerStore, type StoredCheckpoint } from './ledger-store';
import { type TreeNode } from './tree-shape';

/** A ledger store in memory, for tests, simulations and the verification of a ledger that came by another way. */
export class MemoryLedgerStore extends LedgerStore {
  readonly #entries: Uint8Array[] = [];
  /** `#levels[level][index]`; perfect nodes of a level are completed in order, so each level is an array without holes. */
  readonly #levels: Uint8Array[][] = [];
  #checkpoints: StoredCheckpoint[] = [];

  override size(): Promise<number> {
    return Promise.resolve(this.#entries.length);
  }

  override append(append: LedgerAppend): Promise<void> {
    if (append.firstIndex !== this.#entries.length) {
      const message = `expected a ledger of ${append.firstIndex} entries, got one of ${this.#entries.length}`;
      return Promise.reject(new LedgerError('LEDGER.CONFLICT', message));
    }
    this.#entries.push(...append.entries.map((entry) => Uint8Array.from(entry)));
    for (const { level, index, hash } of append.nodes) (this.#levels[level] ??= [])[index] = hash;
    return Promise.resolve();
  }

  override nodes(nodes: readonly TreeNode[]): Promise<Uint8Array[]> {
    const hashes: Uint8Array[] = [];
    for (const { level, index } of nodes) {
      const hash = this.#levels[level]?.[index];
      if (hash === undefined) {
        const message = `expected the hash of node ${index} on level ${level}, got none`;
        return Promise.reject(new LedgerError('LEDGER.MISSING_NODE', message, { details: { level, index } }));
      }
      hashes.push(hash);
    }
    return Promise.resolve(hashes);
  }

  override async *entries(begin: number, end: number): AsyncGenerator<Uint8Array> {
    yield* await Promise.resolve(this.#entries.slice(begin, end));
  }

  override saveCheckpoint(checkpoint: StoredCheckpoint): Promise<void> {
    const others = this.#checkpoints.filter((stored) => stored.size !== checkpoint.size);
    this.#checkpoints = [...others, checkpoint].sort((a, b) => a.size - b.size);
    return Promise.resolve();
  }

  override async *checkpoints(): AsyncGenerator<StoredCheckpoint> {
    yield* await Promise.resolve([...this.#checkpoints]);
  }

  override latestCheckpoint(): Promise<StoredCheckpoint | undefined> {
    return Promise.resolve(this.#checkpoints.at(-1));
  }
}
