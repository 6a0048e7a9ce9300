import { canonicalBytes } from '@fedistl/core';
import { type LedgerEntry, ledgerEntrySchema } from './ledger-entry.schema';
import { parseWith } from './message';

/** Reads a ledger leaf. @throws ProtocolError `PROTOCOL.INVALID_MESSAGE` */
export function parseLedgerEntry(value: unknown): LedgerEntry {
  return parseWith(ledgerEntrySchema, value, 'ledger entry');
}

/** The bytes that the Merkle tree hashes for an entry: its canonical JSON. */
export function ledgerLeaf(entry: LedgerEntry): Uint8Array {
  return canonicalBytes(entry);
}
