import { createHash } from 'node:crypto';
import { sha256Words } from './sha256';

const hex = (words: Uint32Array): string => [...words].map((word) => word.toString(16).padStart(8, '0')).join('');

describe('sha256Words', () => {
  it('gives the FIPS 180-4 example', () => {
    const digest = sha256Words(new TextEncoder().encode('abc'));
    expect(hex(digest)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('agrees with OpenSSL at every length around the block edges', () => {
    for (let length = 0; length <= 200; length++) {
      const message = Uint8Array.from({ length }, (_, i) => (i * 151 + length) & 0xff);
      expect(hex(sha256Words(message))).toBe(createHash('sha256').update(message).digest('hex'));
    }
  });
});
