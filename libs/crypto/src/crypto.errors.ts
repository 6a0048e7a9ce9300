import { DomainError } from '@fedistl/core';

/** A malformed hex or base64 text, or bytes of the wrong length. Codes `ENCODING.*`. */
export class EncodingError extends DomainError {}

/** A key, identity or fingerprint that cannot be used. Codes `KEY.*`. */
export class KeyError extends DomainError {}

/** A key file that cannot be read, opened or trusted. Codes `KEY_FILE.*`. */
export class KeyFileError extends DomainError {}

/** A signed envelope that is not well formed. A signature that does not verify is not an error but the answer false. */
export class EnvelopeError extends DomainError {}

/** A ledger operation that cannot be done, or a checkpoint, proof or export that is not well formed. Codes `LEDGER.*`. */
export class LedgerError extends DomainError {}

/** An unreadable blob, or one that is not what its address says. Codes `HASH.*`. */
export class HashError extends DomainError {}
