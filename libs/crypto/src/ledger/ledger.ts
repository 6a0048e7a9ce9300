import { LedgerError } from '../crypto.errors';
import { equalBytes } from '../encoding/bytes';
import { type Ed25519Verifier, verifyEd25519 } from '../identity/ed25519';
import { type Signer } from '../identity/identity';
import { checkpointText, parseCheckpoint, signCheckpoint, type SignedCheckpoint, type TreeHead } from './checkpoint';
import { CompactRange } from './compact-range';
import { cosignatureStatus, withSignature } from './cosignature';
import { type LedgerStore } from './ledger-store';
import { hashLeaf, hashNode } from './merkle-hash';
import { type NoteKey } from './note-key';
import { type NoteSignature } from './signed-note';
import { consistencyRanges, coveringNodes, inclusionRanges, type LeafRange } from './tree-shape';

/** Larger entries are refused: a ledger holds statements and hashes; blobs are named by their hash. */
export const maximumEntryLength = 1 << 20;

/** Times that an append is tried when other writers are faster. */
const appendAttempts = 8;

/**
 * An append-only Merkle tree (RFC 9162) over a store. Holds no state of its own, so that any number of processes may serve
 * one ledger: each call reads what it needs, O(log size) hashes.
 */
export class Ledger {
  /** @param verify checks cosignatures; on Node pass `verifyEd25519Native` of '@fedistl/crypto/node' */
  constructor(
    private readonly store: LedgerStore,
    private readonly verify: Ed25519Verifier = verifyEd25519,
  ) {}

  size(): Promise<number> {
    return this.store.size();
  }

  /**
   * Appends entries in order, all or none. Costs one read of at most log2(size) hashes and one write.
   *
   * @returns the index of the first of them
   * @throws LedgerError `LEDGER.ENTRY_LENGTH`; `LEDGER.CONFLICT` when other writers were faster 8 times over
   */
  async append(entries: readonly Uint8Array[]): Promise<number> {
    for (const entry of entries) {
      if (entry.length > 0 && entry.length <= maximumEntryLength) continue;
      throw new LedgerError(
        'LEDGER.ENTRY_LENGTH',
        `entry: expected 1 to ${maximumEntryLength} bytes, got ${entry.length}`,
      );
    }
    const hashes = entries.map(hashLeaf);
    for (let attempt = 1; ; attempt++) {
      const firstIndex = await this.store.size();
      const range = CompactRange.restore(firstIndex, await this.store.nodes(CompactRange.nodesOf(firstIndex)));
      const nodes = hashes.flatMap((hash) => range.append(hash));
      try {
        await this.store.append({ firstIndex, entries, nodes });
        return firstIndex;
      } catch (error) {
        const conflict = error instanceof LedgerError && error.code === 'LEDGER.CONFLICT';
        if (!conflict || attempt === appendAttempts) throw error;
      }
    }
  }

  /** Root of the first `size` entries; of all of them unless given. */
  async head(size?: number): Promise<TreeHead> {
    const current = await this.store.size();
    const wanted = size ?? current;
    checkSize(wanted, 0, current, 'size');
    const hashes = await this.store.nodes(CompactRange.nodesOf(wanted));
    return { size: wanted, root: CompactRange.restore(wanted, hashes).root() };
  }

  /** Proof that the entry at `index` is one of the first `size`: at most log2(size) + 1 hashes, from one read. */
  async inclusionProof(index: number, size: number): Promise<Uint8Array[]> {
    checkSize(size, 1, await this.store.size(), 'size');
    checkSize(index, 0, size - 1, 'index');
    return this.#hashesOf(inclusionRanges(index, size));
  }

  /** Proof that the first `oldSize` entries have not changed in the tree of `newSize`. */
  async consistencyProof(oldSize: number, newSize: number): Promise<Uint8Array[]> {
    checkSize(newSize, 0, await this.store.size(), 'newSize');
    checkSize(oldSize, 0, newSize, 'oldSize');
    return this.#hashesOf(consistencyRanges(oldSize, newSize));
  }

  /**
   * Signs the tree as it is and keeps the checkpoint. Returns the stored one when nothing was appended since, so that a
   * size is signed once.
   *
   * @param log the log's identity; its name is the origin
   * @throws LedgerError `LEDGER.INCONSISTENT` when the store no longer continues what was last signed (an old backup, a
   *   damaged table): signing would fork the ledger
   */
  async checkpoint(log: Signer): Promise<SignedCheckpoint> {
    const head = await this.head();
    const latest = await this.latestCheckpoint();
    if (latest !== undefined) {
      const then = latest.size <= head.size ? await this.head(latest.size) : undefined;
      if (then === undefined || !equalBytes(then.root, latest.root)) {
        const message = `expected a continuation of the signed tree of ${latest.size} entries, got another of ${head.size}`;
        throw new LedgerError('LEDGER.INCONSISTENT', message, { details: { signed: latest.size, size: head.size } });
      }
      if (latest.size === head.size && latest.origin === log.public.name) return latest;
    }
    const signed = signCheckpoint(head, log);
    await this.store.saveCheckpoint(signed.size, checkpointText(signed));
    return signed;
  }

  /** The checkpoint of the largest size with all its signatures. */
  async latestCheckpoint(): Promise<SignedCheckpoint | undefined> {
    const stored = await this.store.latestCheckpoint();
    return stored === undefined ? undefined : parseCheckpoint(stored.note + stored.cosignatures.join(''));
  }

  /**
   * Keeps a witness's cosignature over the checkpoint of `size`.
   *
   * @throws LedgerError `LEDGER.NO_CHECKPOINT` when there is none of that size, `LEDGER.COSIGNATURE` when it is not this
   *   witness's signature over it
   */
  async addCosignature(size: number, cosignature: NoteSignature, witness: NoteKey): Promise<void> {
    const stored = await this.store.checkpoint(size);
    if (stored === undefined) {
      throw new LedgerError('LEDGER.NO_CHECKPOINT', `expected a checkpoint of ${size} entries, got none`);
    }
    const cosigned = withSignature(parseCheckpoint(stored.note), cosignature);
    if (cosignatureStatus(cosigned, witness, this.verify) !== 'valid') {
      throw new LedgerError(
        'LEDGER.COSIGNATURE',
        `expected a cosignature of ${witness.name} over the tree of ${size} entries`,
      );
    }
    await this.store.saveCosignature(size, cosignature);
  }

  /** Hashes of leaf ranges: fetches every perfect node that they need at once, then folds the ragged ones. */
  async #hashesOf(ranges: readonly LeafRange[]): Promise<Uint8Array[]> {
    const covers = ranges.map(({ begin, end }) => coveringNodes(begin, end));
    const hashes = await this.store.nodes(covers.flat());
    let at = 0;
    return covers.map((cover) => {
      const parts = hashes.slice(at, (at += cover.length));
      return parts.reduceRight((right, left) => hashNode(left, right));
    });
  }
}

function checkSize(value: number, minimum: number, maximum: number, field: string): void {
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return;
  throw new LedgerError('LEDGER.RANGE', `${field}: expected ${minimum} to ${maximum}, got ${value}`, {
    details: { field, minimum, maximum, actual: value },
  });
}
