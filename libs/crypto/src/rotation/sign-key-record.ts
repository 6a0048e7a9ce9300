import { KeyError } from '../crypto.errors';
import { type Envelope } from '../envelope/envelope';
import { createEnvelope } from '../envelope/sign-envelope';
import { type Signer } from '../identity/identity';
import { type KeyHistory } from './key-history';
import { type KeyChangeReason, type KeyRecord, keyRecordPayload, revocationType, rotationType } from './key-record';

export interface KeyChange {
  readonly history: KeyHistory;
  readonly reason: KeyChangeReason;
  /** POSIX seconds. */
  readonly time: number;
}

export interface RotationOptions extends KeyChange {
  /** The keys that take over, under the same name. */
  readonly next: Signer;
  /** The old key; or, when it is lost or revoked, the authorities. */
  readonly approvers: readonly Signer[];
}

export interface RevocationOptions extends KeyChange {
  /** The key itself, or the authorities. */
  readonly approvers: readonly Signer[];
}

/** A signed rotation record; `extendKeyHistory` tells whether its approvers suffice. */
export function signRotation(options: RotationOptions): Envelope {
  const { next, approvers } = options;
  const record: KeyRecord = { kind: 'rotation', ...base(options), next: next.public };
  return createEnvelope(rotationType, keyRecordPayload(record), [next, ...approvers]);
}

/** A signed revocation record. */
export function signRevocation(options: RevocationOptions): Envelope {
  const record: KeyRecord = { kind: 'revocation', ...base(options) };
  return createEnvelope(revocationType, keyRecordPayload(record), options.approvers);
}

function base(change: KeyChange): Omit<KeyRecord, 'kind' | 'next'> {
  const { history, reason, time } = change;
  const key = history.used.at(-1);
  if (key === undefined) throw new KeyError('KEY.RECORD', 'key history: expected at least the genesis key, got none');
  return { name: history.name, sequence: history.sequence + 1, previous: history.link, key, reason, time };
}
