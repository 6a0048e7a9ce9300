import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { createNativeSha256, hashFile } from '../node/native-sha256';
import { hashBytes, hashStream } from './content-hash';
import { createSha256, sha256Hex } from './sha256';

/** FIPS 180-4 examples. */
const vectors = [
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
] as const;

describe('SHA-256', () => {
  it.each(vectors)('FIPS 180-4: %p', async (text, digest) => {
    expect(sha256Hex(text)).toBe(digest);
    expect(await hashBytes(new TextEncoder().encode(text))).toEqual({ sha256: digest, size: text.length });
  });

  it('is the same in one piece and in any pieces, portable and native', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), async (chunks) => {
        const whole = Buffer.concat(chunks);
        const expected = { sha256: createHash('sha256').update(whole).digest('hex'), size: whole.length };
        expect(await hashStream(chunks)).toEqual(expected);
        expect(await hashStream(chunks, createNativeSha256)).toEqual(expected);
        expect(await hashBytes(whole)).toEqual(expected);
        expect(sha256Hex(whole)).toBe(expected.sha256);
      }),
      { numRuns: 30 },
    );
  });

  it('cannot be fed after its digest', () => {
    const hash = createSha256().update(Uint8Array.of(1));
    hash.digest();
    expect(() => hash.update(Uint8Array.of(2))).toThrow();
  });
});

describe('hashFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fedistl-hash-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('hashes a file of more than one chunk', async () => {
    const content = Buffer.alloc(2_500_001, 'fedistl');
    await writeFile(path.join(folder, 'blob'), content);
    expect(await hashFile(path.join(folder, 'blob'))).toEqual({
      sha256: createHash('sha256').update(content).digest('hex'),
      size: content.length,
    });
  });

  it('says which file cannot be read', async () => {
    await expect(hashFile(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'HASH.UNREADABLE' });
    await expect(hashFile(folder)).rejects.toMatchObject({ code: 'HASH.UNREADABLE' });
  });
});
