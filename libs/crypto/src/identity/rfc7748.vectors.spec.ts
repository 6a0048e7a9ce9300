import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fromHex, toHex } from '../encoding/hex';
import { x25519, x25519PublicKey } from './x25519';

const file = path.join(__dirname, '../../../../test/vectors/rfc7748-x25519.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
  scalarMult: { scalar: string; u: string; output: string }[];
  iterated: Record<'1' | '1000', string>;
  diffieHellman: Record<'aliceSecret' | 'alicePublic' | 'bobSecret' | 'bobPublic' | 'shared', string>;
};

describe('RFC 7748', () => {
  it.each(vectors.scalarMult)('section 5.2: $output', ({ scalar, u, output }) => {
    expect(toHex(x25519(fromHex(scalar), fromHex(u)))).toBe(output);
  });

  it('section 5.2: iterated', () => {
    let k = Uint8Array.of(9, ...new Uint8Array(31));
    let u = k;
    const step = () => {
      [k, u] = [Uint8Array.from(x25519(k, u)), k];
    };
    step();
    expect(toHex(k)).toBe(vectors.iterated['1']);
    if (process.env['SLOW'] === undefined) return; // A thousand products take seconds.
    for (let i = 1; i < 1000; i++) step();
    expect(toHex(k)).toBe(vectors.iterated['1000']);
  });

  it('section 6.1: both sides agree', () => {
    const { aliceSecret, alicePublic, bobSecret, bobPublic, shared } = vectors.diffieHellman;
    expect(toHex(x25519PublicKey(fromHex(aliceSecret)))).toBe(alicePublic);
    expect(toHex(x25519PublicKey(fromHex(bobSecret)))).toBe(bobPublic);
    expect(toHex(x25519(fromHex(aliceSecret), fromHex(bobPublic)))).toBe(shared);
    expect(toHex(x25519(fromHex(bobSecret), fromHex(alicePublic)))).toBe(shared);
  });
});
