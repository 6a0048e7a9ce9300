import { DomainError } from '@fedistl/core';

/** An upload or download that is refused. Codes `UPLOAD.*`, `BLOB.*`. */
export class TransferError extends DomainError {}
