import { type Envelope } from '@fedistl/crypto';

/** A stored envelope in the (mutable) type of an answer. */
export function wireEnvelope({ payloadType, payload, signatures }: Envelope): {
  payloadType: string;
  payload: string;
  signatures: { keyid: string; sig: string }[];
} {
  return { payloadType, payload, signatures: [...signatures] };
}
