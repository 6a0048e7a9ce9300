import {
  createEnvelope,
  type Ed25519Verifier,
  type Envelope,
  openEnvelope,
  payloadType,
  type PayloadType,
  type PublicIdentity,
  type Signer,
} from '@fedistl/crypto';
import { ProtocolError } from '../protocol.errors';
import { type Message, type MessageOf, type MessageType, parseMessage } from './message';

/** DSSE payload type of a message: signed along with the bytes, so that no message can pass for another. */
export function messagePayloadType(type: MessageType, version = 1): PayloadType {
  return payloadType(type, version);
}

/** The message's canonical JSON in a DSSE envelope under its own payload type. */
export function signMessage(message: Message, signers: Signer | readonly Signer[]): Envelope {
  return createEnvelope(messagePayloadType(message.type, message.version), message, signers);
}

export interface MessageTrust {
  /** Keys in force whose signatures count. */
  readonly keys: readonly PublicIdentity[];
  readonly threshold?: number;
  readonly verify?: Ed25519Verifier;
}

/**
 * Verifies, then parses: what comes back was signed by `threshold` of the keys and is a valid message of that type.
 *
 * @throws ProtocolError `PROTOCOL.BAD_SIGNATURE`; what `parseMessage` throws
 */
export function openMessage<T extends MessageType>(type: T, envelope: Envelope, trust: MessageTrust): MessageOf<T> {
  const opened = openEnvelope(envelope, { payloadType: messagePayloadType(type), ...trust });
  if (!opened.verified) {
    throw new ProtocolError(
      'PROTOCOL.BAD_SIGNATURE',
      `expected a ${type} signed by ${trust.threshold ?? 1} of ${trust.keys.length} trusted keys, got one that is not`,
    );
  }
  return parseMessage(type, opened.payload);
}
