import { type Branded } from '@fedistl/core';
import { EnvelopeError } from '../crypto.errors';

/** What a payload means: `application/vnd.fedistl.<kind>.v<version>+json`. Part of what is signed. */
export type PayloadType = Branded<string, 'PayloadType'>;

const prefix = 'application/vnd.fedistl.';
const pattern = /^application\/vnd\.fedistl\.([a-z][a-z0-9-]{0,63})\.v([1-9][0-9]{0,3})\+json$/;

/**
 * The payload type of a kind of message, such as `payloadType('update')`. A new version is a new type, so a signature
 * made for one can never be read as another.
 *
 * @throws EnvelopeError `ENVELOPE.PAYLOAD_TYPE`
 */
export function payloadType(kind: string, version = 1): PayloadType {
  return parsePayloadType(`${prefix}${kind}.v${version}+json`);
}

/** @throws EnvelopeError `ENVELOPE.PAYLOAD_TYPE` when the text is not a fedistl payload type */
export function parsePayloadType(text: string, field = 'payloadType'): PayloadType {
  if (pattern.test(text)) return text as PayloadType;
  throw new EnvelopeError(
    'ENVELOPE.PAYLOAD_TYPE',
    `${field}: expected ${prefix}<kind>.v<version>+json with a kind of a-z, 0-9 and '-', got ${JSON.stringify(text.slice(0, 120))}`,
    { details: { field } },
  );
}
