import { type Repositories } from '@fedistl/persistence';
import { type LedgerEntry } from '@fedistl/protocol';

/** Where the coordinator's contexts record what they did; the Merkle ledger stands behind it. */
export abstract class AuditTrail {
  /** Appends within the caller's transaction, so that the entry is there when what it records is, and only then. */
  abstract record(repositories: Repositories, entry: LedgerEntry): Promise<void>;
}
