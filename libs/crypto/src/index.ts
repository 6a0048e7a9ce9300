export { EncodingError, EnvelopeError, HashError, KeyError, KeyFileError, LedgerError } from './crypto.errors';
export { type Base64Options, fromBase64, toBase64 } from './encoding/base64';
export { concatBytes, decodeUtf8, equalBytes, utf8 } from './encoding/bytes';
export { fromHex, toHex } from './encoding/hex';
export { type ContentAddress, hashBytes, hashStream } from './hash/content-hash';
export { createSha256, sha256, sha256Hex, type StreamingHash } from './hash/sha256';
export { openBox, type OpenBoxOptions, sealBox, type SealBoxOptions } from './identity/box';
export {
  type Ed25519PublicKey,
  type Ed25519Verifier,
  isStrictEd25519Input,
  parseEd25519PublicKey,
  verifyEd25519,
} from './identity/ed25519';
export { fingerprintOf, matchesFingerprint, parseFingerprint } from './identity/fingerprint';
export { Identity, type IdentitySecrets, type Signer } from './identity/identity';
export {
  createPublicIdentity,
  parsePublicIdentity,
  type PublicIdentity,
  type PublicIdentityJson,
  publicIdentityToJson,
  samePublicIdentity,
} from './identity/public-identity';
export { randomBytes, type RandomSource } from './identity/random';
export { parseX25519PublicKey, x25519, type X25519PublicKey, x25519PublicKey } from './identity/x25519';
export { type Envelope, type EnvelopeSignature, maximumSignatures, parseEnvelope } from './envelope/envelope';
export { preAuthenticationEncoding } from './envelope/pae';
export { parsePayloadType, type PayloadType, payloadType } from './envelope/payload-type';
export { addSignature, createEnvelope } from './envelope/sign-envelope';
export {
  envelopeSigners,
  type EnvelopeTrust,
  type OpenedEnvelope,
  openEnvelope,
  readPayload,
  verifyEnvelope,
} from './envelope/verify-envelope';
export { openSealedIdentity, sealIdentity, type SealOptions } from './keyfile/seal-identity';
export { formatSealedIdentity, parseSealedIdentity, type SealedIdentity } from './keyfile/sealed-identity';
export { portableScrypt, type Scrypt, type ScryptParameters } from './keyfile/scrypt';
export { type UnlockSecret } from './keyfile/unlock-secret';
export {
  type Checkpoint,
  checkpointStatus,
  checkpointText,
  formatCheckpoint,
  parseCheckpoint,
  sameTreeHead,
  signCheckpoint,
  type SignedCheckpoint,
  type TreeHead,
  verifyCheckpoint,
} from './ledger/checkpoint';
export { CompactRange, type NewNode } from './ledger/compact-range';
export { cosign, cosignatureStatus, cosignatureTime, withSignature } from './ledger/cosignature';
export { exportLedger } from './ledger/export-ledger';
export { Ledger, maximumEntryLength } from './ledger/ledger';
export { type LedgerFinding, type LedgerFindingCode } from './ledger/ledger-finding';
export { type LedgerAppend, LedgerStore, type StoredCheckpoint } from './ledger/ledger-store';
export { MemoryLedgerStore } from './ledger/memory-ledger-store';
export { emptyRoot, hashLeaf, hashNode } from './ledger/merkle-hash';
export {
  createNoteKey,
  formatNoteKey,
  type NoteKey,
  noteKeyOf,
  type NoteKeyType,
  parseNoteKey,
} from './ledger/note-key';
export { type ConsistencyClaim, type InclusionClaim, verifyConsistency, verifyInclusion } from './ledger/proof';
export {
  formatSignatureLine,
  formatSignedNote,
  type NoteSignature,
  noteStatus,
  type NoteStatus,
  parseSignatureLine,
  parseSignedNote,
  type SignedNote,
} from './ledger/signed-note';
export { type TreeNode } from './ledger/tree-shape';
export { type LedgerExpectation, type LedgerVerification, verifyLedgerExport } from './ledger/verify-ledger-export';
export {
  judgeCheckpoint,
  witnessCheckpoint,
  type WitnessAnswer,
  type WitnessedAnswer,
  type WitnessQuestion,
  type WitnessRefusal,
} from './ledger/witness';
export {
  beginKeyHistory,
  extendKeyHistory,
  type KeyAuthorities,
  type KeyHistory,
  type KeyHistoryAnswer,
  type KeyHistoryProblem,
  replayKeyHistory,
} from './rotation/key-history';
export {
  type KeyChangeReason,
  type KeyRecord,
  type KeyRevocation,
  type KeyRotation,
  readKeyRecord,
} from './rotation/key-record';
export {
  type KeyChange,
  type RevocationOptions,
  type RotationOptions,
  signRevocation,
  signRotation,
} from './rotation/sign-key-record';
