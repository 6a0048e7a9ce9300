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
