import { nativeScrypt } from '../node/native-scrypt';
import { sha256 } from '../hash/sha256';
import { concatBytes, utf8 } from '../encoding/bytes';
import { toBase64 } from '../encoding/base64';
import { toHex } from '../encoding/hex';
import { Identity } from '../identity/identity';
import { openSealedIdentity, sealIdentity } from './seal-identity';
import { formatSealedIdentity, parseSealedIdentity } from './sealed-identity';
import { portableScrypt, type Scrypt, secretCost } from './scrypt';
import { type UnlockSecret } from './unlock-secret';

const identity = Identity.fromSecrets('site-a', {
  signingSeed: new Uint8Array(32).fill(3),
  boxSecret: new Uint8Array(32).fill(4),
});
const passphrase: UnlockSecret = { kind: 'passphrase', passphrase: 'correct horse battery staple' };
const secret: UnlockSecret = { kind: 'secret', secret: new Uint8Array(32).fill(8) };
/** In the place of scrypt where a test opens a file a thousand times; scrypt itself has tests of its own. */
const quick: Scrypt = (bytes, { salt, N }) => Promise.resolve(sha256(concatBytes(bytes, salt, utf8(`${N}`))));

describe('a sealed identity', () => {
  it.each([
    ['a passphrase', passphrase],
    ['a secret', secret],
  ])('opens with %s that sealed it, after a way through its text', async (_, unlock) => {
    const sealed = await sealIdentity(identity, unlock, { scrypt: nativeScrypt, cost: secretCost });
    const parsed = parseSealedIdentity(formatSealedIdentity(sealed));
    expect(parsed).toEqual(sealed);
    const opened = await openSealedIdentity(parsed, unlock, { scrypt: nativeScrypt });
    expect(opened.exportSecrets()).toEqual(identity.exportSecrets());
    expect(opened.public).toEqual(identity.public);
  });

  it('is the same for portable and native scrypt', async () => {
    const sealed = await sealIdentity(identity, secret, { scrypt: portableScrypt });
    const opened = await openSealedIdentity(sealed, secret, { scrypt: nativeScrypt });
    expect(opened.keyId).toBe(identity.keyId);
  });

  it('shows neither secret', async () => {
    const text = formatSealedIdentity(await sealIdentity(identity, secret, { scrypt: quick }));
    const { signingSeed, boxSecret } = identity.exportSecrets();
    for (const bytes of [signingSeed, boxSecret]) {
      expect(text).not.toContain(toBase64(bytes).slice(0, 20));
      expect(text).not.toContain(toHex(bytes).slice(0, 20));
    }
  });

  it('takes 128 MiB a guess for a passphrase unless told otherwise', async () => {
    const seen: number[] = [];
    const scrypt: Scrypt = (bytes, parameters) => {
      seen.push(128 * parameters.r * parameters.N);
      return quick(bytes, parameters);
    };
    await sealIdentity(identity, passphrase, { scrypt });
    await sealIdentity(identity, secret, { scrypt });
    expect(seen).toEqual([2 ** 27, 2 ** 24]);
  });

  it('opens with the same passphrase typed another way', async () => {
    const typed = (text: string): UnlockSecret => ({ kind: 'passphrase', passphrase: text });
    const sealed = await sealIdentity(identity, typed('Zürich, été 2026'), { scrypt: quick });
    const decomposed = typed('Zu\u0308rich, e\u0301te\u0301 ２０２６');
    expect((await openSealedIdentity(sealed, decomposed, { scrypt: quick })).keyId).toBe(identity.keyId);
  });
});

describe('a sealed identity stays shut', () => {
  it('for another secret, and for the same bytes as the other kind', async () => {
    const sealed = await sealIdentity(identity, passphrase, { scrypt: quick });
    const open = (unlock: UnlockSecret) => openSealedIdentity(sealed, unlock, { scrypt: quick });
    await expect(open({ kind: 'passphrase', passphrase: 'correct horse battery stable' })).rejects.toMatchObject({
      code: 'KEY_FILE.LOCKED',
    });
    await expect(open(secret)).rejects.toMatchObject({ code: 'KEY_FILE.UNLOCK_KIND' });
    const asSecret = { ...sealed, unlock: 'secret' } as const;
    const bytes: UnlockSecret = { kind: 'secret', secret: utf8('passphrase\ncorrect horse battery staple') };
    await expect(openSealedIdentity(asSecret, bytes, { scrypt: quick })).rejects.toMatchObject({
      code: 'KEY_FILE.LOCKED',
    });
  });

  it('with a character of the file changed, wherever', async () => {
    const sealed = await sealIdentity(identity, secret, { scrypt: quick });
    const text = formatSealedIdentity(sealed);
    const step = process.env['SLOW'] === undefined ? 5 : 1;
    let refused = 0;
    for (let at = 0; at < text.length; at += step) {
      const changed = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
      const outcome = await open(changed);
      // White space between the members is not part of the value.
      if (outcome === 'opened') expect(JSON.parse(changed)).toEqual(JSON.parse(text));
      else {
        expect(outcome).toMatch(/^(KEY|KEY_FILE|ENCODING)\./);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan((text.length / step) * 0.85);
  });

  async function open(text: string): Promise<string> {
    try {
      await openSealedIdentity(parseSealedIdentity(text), secret, { scrypt: quick });
      return 'opened';
    } catch (error) {
      return (error as { code: string }).code;
    }
  }

  it('when its public half was exchanged for another', async () => {
    const sealed = await sealIdentity(identity, secret, { scrypt: quick });
    const other = Identity.generate('site-a').public;
    await expect(openSealedIdentity({ ...sealed, public: other }, secret, { scrypt: quick })).rejects.toMatchObject({
      code: 'KEY_FILE.LOCKED',
    });
  });
});

describe('what is refused before any work', () => {
  it('weak passphrases and short secrets', async () => {
    for (const text of ['', 'short', 'eleven char', '\u{1f511}'.repeat(11)]) {
      await expect(
        sealIdentity(identity, { kind: 'passphrase', passphrase: text }, { scrypt: quick }),
      ).rejects.toMatchObject({ code: 'KEY_FILE.WEAK_PASSPHRASE' });
    }
    await expect(
      sealIdentity(identity, { kind: 'secret', secret: new Uint8Array(31) }, { scrypt: quick }),
    ).rejects.toMatchObject({ code: 'KEY_FILE.SHORT_SECRET' });
  });

  it.each([2 ** 13, 2 ** 21, 2 ** 14 + 1, 0, -1])('a cost of %d', async (cost) => {
    await expect(sealIdentity(identity, secret, { scrypt: quick, cost })).rejects.toMatchObject({
      code: 'KEY_FILE.KDF',
    });
  });

  it.each([
    ['no JSON', (_: Json) => '{'],
    ['a list', () => '[]'],
    ['another format', (file: Json) => ({ ...file, format: 'fedistl-key/2' })],
    ['an unknown field', (file: Json) => ({ ...file, note: '' })],
    ['another kind of secret', (file: Json) => ({ ...file, unlock: 'pin' })],
    ['another kdf', (file: Json) => ({ ...file, kdf: { ...(file['kdf'] as Json), name: 'argon2' } })],
    ['no cost', (file: Json) => ({ ...file, kdf: { name: 'scrypt' } })],
    [
      'a cost that would exhaust the memory',
      (file: Json) => ({ ...file, kdf: { ...(file['kdf'] as Json), N: 2 ** 30 } }),
    ],
    ['a number for the box', (file: Json) => ({ ...file, sealed: 1 })],
  ])('a file with %s', async (_, change) => {
    const good = JSON.parse(formatSealedIdentity(await sealIdentity(identity, secret, { scrypt: quick }))) as Json;
    const bad = change(good);
    expect(() => parseSealedIdentity(typeof bad === 'string' ? bad : JSON.stringify(bad))).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^KEY_FILE\.(MALFORMED|KDF)$/) as unknown }) as Error,
    );
  });
  type Json = Record<string, unknown>;
});

describe('RFC 7914 section 12', () => {
  // Only the third and fourth vectors use r = 8, p = 1; the fourth needs 1 GiB.
  it('scrypt, N = 16384, r = 8, p = 1', async () => {
    const parameters = { N: 16384, r: 8, p: 1, salt: utf8('SodiumChloride') };
    const expected = '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2';
    expect(toHex(await nativeScrypt(utf8('pleaseletmein'), parameters))).toBe(expected);
    expect(toHex(await portableScrypt(utf8('pleaseletmein'), parameters))).toBe(expected);
  });
});
