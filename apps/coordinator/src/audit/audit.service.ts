import { type BlobHash, parseBlobHash } from '@fedistl/core';
import { checkpointText, hashLeaf, Identity, exportLedger, toHex } from '@fedistl/crypto';
import { createNativeSha256 } from '@fedistl/crypto/node';
import { Database, type Repositories } from '@fedistl/persistence';
import { type Answer, type LedgerEntry } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../events/audit-trail';
import { appendEntries, ledgerOn } from './append-entries';

/** The Merkle ledger of everything that matters, under the coordinator's key (docs/ledger.md). */
@Injectable()
export class AuditService extends AuditTrail {
  constructor(
    private readonly database: Database,
    private readonly identity: Identity,
  ) {
    super();
  }

  override async record(repositories: Repositories, entry: LedgerEntry): Promise<void> {
    await this.append(repositories, [entry]);
  }

  /**
   * Appends in the caller's transaction. It keeps every other transaction from appending until it ends, so call it last, when
   * all rows are locked.
   *
   * @returns index of the first
   */
  append(repositories: Repositories, entries: readonly LedgerEntry[]): Promise<number> {
    return appendEntries(repositories, entries);
  }

  /** The signed head of the tree as it is now. */
  async checkpoint(): Promise<Answer<'ledgerCheckpoint'>> {
    const signed = await this.database.transaction(async ({ ledger }) => {
      await ledger.lock();
      return ledgerOn(ledger).checkpoint(this.identity);
    });
    return { checkpoint: checkpointText(signed) };
  }

  /** The whole ledger, signed to its last entry, in pieces: what `fedistl ledger verify` reads. */
  async *export(): AsyncGenerator<Uint8Array> {
    await this.checkpoint();
    yield* exportLedger(this.database.repositories.ledger, createNativeSha256);
  }

  /** @throws LedgerError `LEDGER.RANGE` */
  async inclusion(index: number, size: number): Promise<Answer<'ledgerInclusion'>> {
    const { ledger } = this.database.repositories;
    const proof = await ledgerOn(ledger).inclusionProof(index, size);
    const leafHash = await this.leafHash(index);
    return { index, size, leafHash, proof: proof.map(toHex) };
  }

  /** @throws LedgerError `LEDGER.RANGE` */
  async consistency(from: number, to: number): Promise<Answer<'ledgerConsistency'>> {
    const proof = await ledgerOn(this.database.repositories.ledger).consistencyProof(from, to);
    return { from, to, proof: proof.map(toHex) };
  }

  private async leafHash(index: number): Promise<BlobHash> {
    for await (const entry of this.database.repositories.ledger.entries(index, index + 1)) {
      return parseBlobHash(toHex(hashLeaf(entry)));
    }
    throw new RangeError(`entry ${index} of the ledger is missing`);
  }
}
