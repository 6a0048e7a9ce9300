import { type KeyFingerprint } from '@fedistl/core';
import { KeyError } from '../crypto.errors';
import { type Envelope } from '../envelope/envelope';
import { payloadType } from '../envelope/payload-type';
import { readPayload } from '../envelope/verify-envelope';
import {
  parsePublicIdentity,
  type PublicIdentity,
  type PublicIdentityJson,
  publicIdentityToJson,
} from '../identity/public-identity';

export const rotationType = payloadType('key-rotation');
export const revocationType = payloadType('key-revocation');

/** Why a key was changed or withdrawn. */
export type KeyChangeReason = 'scheduled' | 'lost' | 'compromised' | 'left';
const reasons: readonly string[] = ['scheduled', 'lost', 'compromised', 'left'];

interface KeyRecordBase {
  /** Whose keys; the same in every record of a history. */
  readonly name: string;
  /** 1 for the first record after the genesis key, then one more each time. */
  readonly sequence: number;
  /** SHA-256 of the previous record's payload; of the genesis identity's canonical JSON for the first. */
  readonly previous: string;
  /** The key that this record ends. */
  readonly key: KeyFingerprint;
  readonly reason: KeyChangeReason;
  /** POSIX seconds at which it was signed, as the signer says. */
  readonly time: number;
}

/** Another pair of keys takes over. */
export interface KeyRotation extends KeyRecordBase {
  readonly kind: 'rotation';
  readonly next: PublicIdentity;
}

/** The key is no longer good for anything, and nothing takes its place until authorities say so. */
export interface KeyRevocation extends KeyRecordBase {
  readonly kind: 'revocation';
}

export type KeyRecord = KeyRotation | KeyRevocation;

/** The payload that is signed. */
export function keyRecordPayload(record: KeyRecord): Record<string, unknown> {
  const { name, sequence, previous, key, reason, time } = record;
  const next: { next?: PublicIdentityJson } =
    record.kind === 'rotation' ? { next: publicIdentityToJson(record.next) } : {};
  return { name, sequence, previous, key, reason, time, ...next };
}

/**
 * The record in an envelope, whoever signed it.
 *
 * @throws KeyError `KEY.RECORD`, naming the field; EnvelopeError `ENVELOPE.PAYLOAD`; the errors of `parsePublicIdentity`
 */
export function readKeyRecord(envelope: Envelope): KeyRecord {
  const rotation = envelope.payloadType === rotationType;
  if (!rotation && envelope.payloadType !== revocationType) {
    throw malformed('payloadType', `${rotationType} or ${revocationType}`);
  }
  const payload = readPayload(envelope);
  if (typeof payload !== 'object' || payload === null) throw malformed('payload', 'an object');
  const fields = ['name', 'sequence', 'previous', 'key', 'reason', 'time', ...(rotation ? ['next'] : [])];
  for (const field of Object.keys(payload)) if (!fields.includes(field)) throw malformed(field, 'no such field');
  const { name, sequence, previous, key, reason, time, next } = payload as Record<string, unknown>;
  if (typeof name !== 'string') throw malformed('name', 'a text');
  if (!isCount(sequence)) throw malformed('sequence', 'a whole number from 1');
  if (!isHash(previous)) throw malformed('previous', 'a SHA-256 in hexadecimal');
  if (!isHash(key)) throw malformed('key', 'a SHA-256 in hexadecimal');
  if (typeof reason !== 'string' || !reasons.includes(reason))
    throw malformed('reason', `one of ${reasons.join(', ')}`);
  if (!isCount(time)) throw malformed('time', 'whole seconds since 1970');
  const base = { name, sequence, previous, key: key as KeyFingerprint, reason: reason as KeyChangeReason, time };
  return rotation
    ? { kind: 'rotation', ...base, next: parsePublicIdentity(next, 'next') }
    : { kind: 'revocation', ...base };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function malformed(field: string, expected: string): KeyError {
  return new KeyError('KEY.RECORD', `key record ${field}: expected ${expected}`, { details: { field } });
}
