import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fromBase64 } from '../encoding/base64';
import { decodeUtf8, utf8 } from '../encoding/bytes';
import { preAuthenticationEncoding } from './pae';

const file = path.join(__dirname, '../../../../test/vectors/dsse-v1.json');
const vector = JSON.parse(readFileSync(file, 'utf8')) as {
  payloadType: string;
  payload: string;
  pae: string;
  envelope: { payload: string; payloadType: string; signatures: { sig: string }[] };
  p256: { x: string; y: string };
};

describe('DSSE v1 protocol.md', () => {
  it('pre-authentication encoding', () => {
    const encoded = preAuthenticationEncoding(vector.payloadType, utf8(vector.payload));
    expect(decodeUtf8(encoded)).toBe(vector.pae);
  });

  it('the published P-256 signature covers what we would sign', () => {
    const coordinate = (decimal: string) =>
      Buffer.from(BigInt(decimal).toString(16).padStart(64, '0'), 'hex').toString('base64url');
    const jwk = { kty: 'EC', crv: 'P-256', x: coordinate(vector.p256.x), y: coordinate(vector.p256.y) };
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const { payload, payloadType, signatures } = vector.envelope;
    const signed = preAuthenticationEncoding(payloadType, fromBase64(payload));
    const signature = fromBase64(signatures[0]!.sig);
    expect(verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    expect(verify('sha256', signed.subarray(1), { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(false);
  });

  it('counts bytes, not characters', () => {
    expect(decodeUtf8(preAuthenticationEncoding('é', utf8('\u{1f4a9}')))).toBe('DSSEv1 2 é 4 \u{1f4a9}');
    expect(decodeUtf8(preAuthenticationEncoding('', new Uint8Array()))).toBe('DSSEv1 0  0 ');
  });
});
