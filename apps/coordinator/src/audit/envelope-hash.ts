import { type BlobHash, canonicalBytes, parseBlobHash } from '@fedistl/core';
import { type Envelope, sha256Hex } from '@fedistl/crypto';

/** What ledger entries call a signed envelope: SHA-256 of its canonical JSON. */
export function envelopeHash(envelope: Envelope): BlobHash {
  return parseBlobHash(sha256Hex(canonicalBytes(envelope)));
}
