import { Ledger } from '@fedistl/crypto';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import { type PostgresLedgerStore, type Repositories } from '@fedistl/persistence';
import { type LedgerEntry, ledgerLeaf, parseLedgerEntry } from '@fedistl/protocol';

export const ledgerOn = (store: PostgresLedgerStore): Ledger => new Ledger(store, verifyEd25519Native);

/**
 * Appends to the ledger in the caller's transaction. It keeps every other transaction from appending until it ends, so call it
 * last, when all rows are locked. No key is needed: the next checkpoint signs what was appended.
 *
 * @returns index of the first
 */
export async function appendEntries({ ledger }: Repositories, entries: readonly LedgerEntry[]): Promise<number> {
  await ledger.lock();
  return ledgerOn(ledger).append(entries.map((entry) => ledgerLeaf(parseLedgerEntry(entry))));
}
