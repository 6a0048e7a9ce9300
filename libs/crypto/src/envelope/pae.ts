import { concatBytes, utf8 } from '../encoding/bytes';

/**
 * The bytes that a DSSE v1 signature covers (pre-authentication encoding):
 * `"DSSEv1" SP LEN(type) SP type SP LEN(body) SP body`, lengths in bytes as decimal numbers.
 */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8(payloadType);
  return concatBytes(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
}
