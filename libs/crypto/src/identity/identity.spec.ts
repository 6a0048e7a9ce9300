import { inspect } from 'node:util';
import { toBase64 } from '../encoding/base64';
import { toHex } from '../encoding/hex';
import { sha256Hex } from '../hash/sha256';
import { verifyEd25519 } from './ed25519';
import { Identity } from './identity';
import { parsePublicIdentity, publicIdentityToJson, samePublicIdentity } from './public-identity';

const secrets = { signingSeed: new Uint8Array(32).fill(3), boxSecret: new Uint8Array(32).fill(4) };
const identity = Identity.fromSecrets('site-a', secrets);

describe('an identity', () => {
  it('signs under the key that its public half names', () => {
    const message = Uint8Array.of(1, 2, 3);
    expect(verifyEd25519(message, identity.sign(message), identity.public.signingKey)).toBe(true);
    expect(identity.keyId).toBe(sha256Hex(identity.public.signingKey));
  });

  it('is new each time it is generated, and comes back from its secrets', () => {
    const fresh = Identity.generate('site-a');
    expect(fresh.keyId).not.toBe(Identity.generate('site-a').keyId);
    expect(samePublicIdentity(Identity.fromSecrets('site-a', fresh.exportSecrets()).public, fresh.public)).toBe(true);
  });

  it('shows no secret in JSON, a log line or its own fields', () => {
    const shown = JSON.stringify(identity) + inspect(identity, { depth: 9, showHidden: true });
    for (const secret of Object.values(secrets)) {
      expect(shown).not.toContain(toHex(secret));
      expect(shown).not.toContain(toBase64(secret));
      expect(shown).not.toContain([...secret].slice(0, 8).join(', '));
    }
  });

  it('hands out copies, so that nobody changes its keys', () => {
    identity.exportSecrets().boxSecret.fill(0);
    expect(identity.exportSecrets()).toEqual(secrets);
  });

  it('keeps its public half through JSON', () => {
    const copy = parsePublicIdentity(JSON.parse(JSON.stringify(identity)));
    expect(samePublicIdentity(copy, identity.public)).toBe(true);
    expect(copy).toEqual(identity.public);
  });
});

describe('a public identity that is refused', () => {
  const good = publicIdentityToJson(identity.public);
  it.each([
    ['not an object', 'site-a', 'KEY.INVALID_IDENTITY', 'identity'],
    ['null', null, 'KEY.INVALID_IDENTITY', 'identity'],
    ['an array', [good], 'KEY.INVALID_IDENTITY', 'identity'],
    ['another format', { ...good, format: 'fedistl-identity/2' }, 'KEY.INVALID_IDENTITY', 'identity.format'],
    ['an unknown field', { ...good, admin: true }, 'KEY.INVALID_IDENTITY', 'identity.admin'],
    ['no key', { ...good, signingKey: undefined }, 'KEY.INVALID_IDENTITY', 'identity.signingKey'],
    ['a name with a space', { ...good, name: 'site a' }, 'KEY.INVALID_NAME', 'identity.name'],
    ['a name with a plus', { ...good, name: 'site+a' }, 'KEY.INVALID_NAME', 'identity.name'],
    ['an empty name', { ...good, name: '' }, 'KEY.INVALID_NAME', 'identity.name'],
    ['a name of 129 characters', { ...good, name: 'a'.repeat(129) }, 'KEY.INVALID_NAME', 'identity.name'],
    ['a short key', { ...good, signingKey: 'AAAA' }, 'KEY.INVALID_SIGNING_KEY', 'identity.signingKey'],
    ['no base64', { ...good, boxKey: '!' }, 'ENCODING.BASE64', 'identity.boxKey'],
    ['a small-order box key', { ...good, boxKey: toBase64(new Uint8Array(32)) }, 'KEY.SMALL_ORDER', undefined],
  ])('%s', (_, value, code, field) => {
    expect(() => parsePublicIdentity(value)).toThrow(
      expect.objectContaining(
        field === undefined ? { code } : { code, details: expect.objectContaining({ field }) as unknown },
      ) as Error,
    );
  });

  it('one secret for both uses', () => {
    const seed = new Uint8Array(32).fill(3);
    expect(() => Identity.fromSecrets('a', { signingSeed: seed, boxSecret: seed })).toThrow(
      expect.objectContaining({ code: 'KEY.SAME_SECRET' }) as Error,
    );
  });
});
