import { LedgerError } from '../crypto.errors';
import { type LedgerAppend, LedgerStore, type StoredCheckpoint } from './ledger-store';
import { formatSignatureLine, type NoteSignature } from './signed-note';
import { type TreeNode } from './tree-shape';

/** A ledger store in memory, for tests, simulations and the verification of a ledger that came by another way. */
export class MemoryLedgerStore extends LedgerStore {
  readonly #entries: Uint8Array[] = [];
  /** `#levels[level][index]`; perfect nodes of a level are completed in order, so each level is an array without holes. */
  readonly #levels: Uint8Array[][] = [];
  readonly #checkpoints = new Map<number, { readonly note: string; readonly cosignatures: Map<string, string> }>();

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

  override saveCheckpoint(size: number, note: string): Promise<void> {
    const stored = this.#checkpoints.get(size);
    if (stored !== undefined && stored.note !== note) {
      const message = `expected one checkpoint of ${size} entries, got a second that differs`;
      return Promise.reject(new LedgerError('LEDGER.CONFLICT', message, { details: { size } }));
    }
    if (stored === undefined) this.#checkpoints.set(size, { note, cosignatures: new Map() });
    return Promise.resolve();
  }

  override saveCosignature(size: number, cosignature: NoteSignature): Promise<void> {
    const stored = this.#checkpoints.get(size);
    if (stored === undefined) {
      const message = `expected a checkpoint of ${size} entries, got none`;
      return Promise.reject(new LedgerError('LEDGER.NO_CHECKPOINT', message, { details: { size } }));
    }
    stored.cosignatures.set(`${cosignature.name} ${cosignature.id}`, formatSignatureLine(cosignature));
    return Promise.resolve();
  }

  override async *checkpoints(): AsyncGenerator<StoredCheckpoint> {
    for (const size of this.#sizes()) {
      const stored = await this.checkpoint(size);
      if (stored !== undefined) yield stored;
    }
  }

  override checkpoint(size: number): Promise<StoredCheckpoint | undefined> {
    const stored = this.#checkpoints.get(size);
    if (stored === undefined) return Promise.resolve(undefined);
    return Promise.resolve({ size, note: stored.note, cosignatures: [...stored.cosignatures.values()] });
  }

  override latestCheckpoint(): Promise<StoredCheckpoint | undefined> {
    const latest = this.#sizes().at(-1);
    return latest === undefined ? Promise.resolve(undefined) : this.checkpoint(latest);
  }

  #sizes(): number[] {
    return [...this.#checkpoints.keys()].sort((a, b) => a - b);
  }
}
