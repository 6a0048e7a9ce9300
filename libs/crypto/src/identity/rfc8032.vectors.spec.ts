import { readFileSync } from 'node:fs';
import path from 'node:path';
import { verifyEd25519Native } from '../node/native-ed25519';
import { fromHex, toHex } from '../encoding/hex';
import { ed25519KeyPair, parseEd25519PublicKey, signEd25519, verifyEd25519 } from './ed25519';

interface Vector {
  name: string;
  seed: string;
  publicKey: string;
  message: string;
  signature: string;
}

const file = path.join(__dirname, '../../../../test/vectors/rfc8032-ed25519.json');
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vector[];

describe('RFC 8032 section 7.1', () => {
  it('has all five vectors', () => {
    expect(vectors).toHaveLength(5);
  });

  it.each(vectors)('$name', ({ seed, publicKey, message, signature }) => {
    const pair = ed25519KeyPair(fromHex(seed));
    expect(toHex(pair.publicKey)).toBe(publicKey);
    expect(toHex(parseEd25519PublicKey(fromHex(publicKey)))).toBe(publicKey);
    expect(toHex(signEd25519(fromHex(message), pair.secretKey))).toBe(signature);
    expect(verifyEd25519(fromHex(message), fromHex(signature), pair.publicKey)).toBe(true);
    expect(verifyEd25519Native(fromHex(message), fromHex(signature), pair.publicKey)).toBe(true);
  });
});
