/**
 * What can be wrong with an export. Codes are stable and listed in docs/ledger.md.
 *
 * - `FORKED`: the log signed two histories
 * - `REWRITTEN`: the entries are not those that were signed
 * - `TRUNCATED`: entries that were signed, or the end of the file, are missing
 * - `BAD_SIGNATURE`: a checkpoint without the right signature of the pinned log key
 * - `BAD_COSIGNATURE`: a line of a pinned witness that is not its signature
 * - `UNWITNESSED`: fewer pinned witnesses than asked for signed the last checkpoint
 * - `UNSIGNED`: entries that no checkpoint covers, or no checkpoint at all
 * - `WRONG_LOG`: an export of another log than the pinned one
 * - `OUT_OF_ORDER`: an entry or a checkpoint that does not stand where it belongs
 * - `MALFORMED`: a line that is not of the format
 * - `CHECKSUM`: the file is not as it was written
 */
export type LedgerFindingCode =
  | 'LEDGER.FORKED'
  | 'LEDGER.REWRITTEN'
  | 'LEDGER.TRUNCATED'
  | 'LEDGER.BAD_SIGNATURE'
  | 'LEDGER.BAD_COSIGNATURE'
  | 'LEDGER.UNWITNESSED'
  | 'LEDGER.UNSIGNED'
  | 'LEDGER.WRONG_LOG'
  | 'LEDGER.OUT_OF_ORDER'
  | 'LEDGER.MALFORMED'
  | 'LEDGER.CHECKSUM';

export interface LedgerFinding {
  readonly code: LedgerFindingCode;
  /** What was expected and what was found. */
  readonly message: string;
  /** Line of the export, from 1; 0 when it is about the file as a whole. */
  readonly line: number;
}
