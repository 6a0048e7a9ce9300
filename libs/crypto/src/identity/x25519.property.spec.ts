import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import fc from 'fast-check';
import { parseX25519PublicKey, x25519, x25519PublicKey } from './x25519';

const numRuns = process.env['SLOW'] === undefined ? 6 : 200;
const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 });
const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

describe('X25519, for any two secrets', () => {
  it('gives both sides the secret that node:crypto gives', () => {
    fc.assert(
      fc.property(secrets, secrets, (a, b) => {
        const [publicA, publicB] = [x25519PublicKey(a), x25519PublicKey(b)];
        const shared = x25519(a, publicB);
        expect(x25519(b, publicA)).toEqual(shared);
        const jwk = { kty: 'OKP', crv: 'X25519' };
        const node = diffieHellman({
          privateKey: createPrivateKey({ key: { ...jwk, d: encode(a), x: encode(publicA) }, format: 'jwk' }),
          publicKey: createPublicKey({ key: { ...jwk, x: encode(publicB) }, format: 'jwk' }),
        });
        expect(Uint8Array.from(node)).toEqual(shared);
        expect(parseX25519PublicKey(publicA)).toEqual(publicA);
      }),
      { numRuns },
    );
  });
});
