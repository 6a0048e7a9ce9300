import { canonicalBytes, DomainError, type KeyFingerprint } from '@fedistl/core';
import { type Envelope } from '../envelope/envelope';
import { envelopeSigners, verifyEnvelope } from '../envelope/verify-envelope';
import { fromBase64 } from '../encoding/base64';
import { sha256Hex } from '../hash/sha256';
import { type Ed25519Verifier } from '../identity/ed25519';
import { type PublicIdentity, publicIdentityToJson } from '../identity/public-identity';
import { type KeyRecord, readKeyRecord, revocationType, rotationType } from './key-record';

/** Who may act when a key cannot speak for itself: so many of these. */
export interface KeyAuthorities {
  readonly keys: readonly PublicIdentity[];
  readonly threshold: number;
}

/** How far a party's keys have come. A plain value: store it, or replay it from the records. */
export interface KeyHistory {
  readonly name: string;
  /** The keys in force; `undefined` after a revocation. */
  readonly current: PublicIdentity | undefined;
  /** Every signing key there ever was, oldest first; none is taken twice. */
  readonly used: readonly KeyFingerprint[];
  /** Of the last record, and 0 before the first. */
  readonly sequence: number;
  /** SHA-256 that the next record must name as its predecessor. */
  readonly link: string;
  readonly time: number;
}

/** Why a record does not continue a history. */
export type KeyHistoryProblem =
  | 'malformed'
  | 'wrong-name'
  | 'wrong-sequence'
  | 'broken-link'
  | 'wrong-key'
  | 'reused-key'
  | 'time-reversed'
  | 'not-signed-by-new-key'
  | 'not-authorised';

export type KeyHistoryAnswer =
  | { readonly accepted: true; readonly history: KeyHistory }
  | { readonly accepted: false; readonly problem: KeyHistoryProblem };

/** The history that begins with the identity approved at enrolment. */
export function beginKeyHistory(genesis: PublicIdentity): KeyHistory {
  const link = sha256Hex(canonicalBytes(publicIdentityToJson(genesis)));
  return { name: genesis.name, current: genesis, used: [genesis.keyId], sequence: 0, link, time: 0 };
}

/**
 * Continues a history by one record, or says why not.
 *
 * A rotation must be signed by the new key, which so proves that it exists and consents, and by the old key or the
 * authorities; after a revocation, by the authorities. A revocation must be signed by the key itself or the authorities.
 */
export function extendKeyHistory(
  history: KeyHistory,
  envelope: Envelope,
  authorities: KeyAuthorities,
  verify?: Ed25519Verifier,
): KeyHistoryAnswer {
  const record = tryRead(envelope);
  const problem = record === undefined ? 'malformed' : findProblem(history, record, envelope, authorities, verify);
  if (record === undefined || problem !== undefined) return { accepted: false, problem: problem ?? 'malformed' };
  const rotation = record.kind === 'rotation';
  return {
    accepted: true,
    history: {
      name: history.name,
      current: rotation ? record.next : undefined,
      used: rotation ? [...history.used, record.next.keyId] : history.used,
      sequence: record.sequence,
      link: sha256Hex(fromBase64(envelope.payload)),
      time: record.time,
    },
  };
}

/** Replays records onto a genesis identity; the first that does not fit ends it, with its index. */
export function replayKeyHistory(
  genesis: PublicIdentity,
  records: readonly Envelope[],
  authorities: KeyAuthorities,
  verify?: Ed25519Verifier,
): KeyHistoryAnswer & { readonly records: number } {
  let history = beginKeyHistory(genesis);
  for (const [i, record] of records.entries()) {
    const answer = extendKeyHistory(history, record, authorities, verify);
    if (!answer.accepted) return { ...answer, records: i };
    history = answer.history;
  }
  return { accepted: true, history, records: records.length };
}

function findProblem(
  history: KeyHistory,
  record: KeyRecord,
  envelope: Envelope,
  authorities: KeyAuthorities,
  verify?: Ed25519Verifier,
): KeyHistoryProblem | undefined {
  if (record.name !== history.name) return 'wrong-name';
  if (record.sequence !== history.sequence + 1) return 'wrong-sequence';
  if (record.previous !== history.link) return 'broken-link';
  if (record.key !== history.used.at(-1)) return 'wrong-key';
  if (record.time < history.time) return 'time-reversed';
  const type = record.kind === 'rotation' ? rotationType : revocationType;
  const options = { payloadType: type, ...(verify === undefined ? {} : { verify }) };
  const signed = (keys: readonly PublicIdentity[], threshold: number) =>
    verifyEnvelope(envelope, { ...options, keys, threshold });
  if (record.kind === 'rotation') {
    if (record.next.name !== history.name) return 'wrong-name';
    if (history.used.includes(record.next.keyId)) return 'reused-key';
    if (!signed([record.next], 1)) return 'not-signed-by-new-key';
  } else if (history.current === undefined) return 'wrong-key'; // Revoked already.
  const byItself = history.current !== undefined && signed([history.current], 1);
  const signers = envelopeSigners(envelope, { ...options, keys: authorities.keys });
  return byItself || signers.length >= Math.max(1, authorities.threshold) ? undefined : 'not-authorised';
}

function tryRead(envelope: Envelope): KeyRecord | undefined {
  try {
    return readKeyRecord(envelope);
  } catch (error) {
    if (error instanceof DomainError) return undefined; // The answer is 'malformed'.
    throw error;
  }
}
