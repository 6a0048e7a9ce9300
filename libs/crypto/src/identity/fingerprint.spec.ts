import fc from 'fast-check';
import { Identity } from './identity';
import { fingerprintOf, matchesFingerprint, parseFingerprint } from './fingerprint';

const identity = Identity.fromSecrets('site-a', {
  signingSeed: new Uint8Array(32).fill(3),
  boxSecret: new Uint8Array(32).fill(4),
});

describe('a fingerprint', () => {
  it('is eight groups of five digits and does not depend on the name', () => {
    const text = fingerprintOf(identity.public);
    expect(text).toMatch(/^(\d{5} ){7}\d{5}$/);
    expect(fingerprintOf(Identity.fromSecrets('other', identity.exportSecrets()).public)).toBe(text);
  });

  it('is what it was, for people have written it down', () => {
    expect(fingerprintOf(identity.public)).toBe('25527 07698 47878 29452 38712 96019 25008 13662');
  });

  it('changes with either key', () => {
    const { signingSeed, boxSecret } = identity.exportSecrets();
    const other = new Uint8Array(32).fill(9);
    const texts = [
      identity,
      Identity.fromSecrets('site-a', { signingSeed: other, boxSecret }),
      Identity.fromSecrets('site-a', { signingSeed, boxSecret: other }),
    ].map((each) => fingerprintOf(each.public));
    expect(new Set(texts).size).toBe(3);
  });

  it('is recognised however it is typed', () => {
    const text = fingerprintOf(identity.public);
    const fullWidth = text.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));
    for (const typed of [text, text.replaceAll(' ', ''), text.replaceAll(' ', '-'), ` ${text}\n`, fullWidth]) {
      expect(matchesFingerprint(typed, identity.public)).toBe(true);
    }
  });

  it('does not match with any digit changed', () => {
    const text = fingerprintOf(identity.public);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 9 }), (at, by) => {
        fc.pre(text[at] !== ' ');
        const digit = String((Number(text[at]) + by) % 10);
        expect(matchesFingerprint(text.slice(0, at) + digit + text.slice(at + 1), identity.public)).toBe(false);
      }),
    );
  });

  it.each(['', '12345', '1'.repeat(39), '1'.repeat(41), `${'1'.repeat(39)}x`, '1'.repeat(40) + ' 1'])(
    'refuses %p',
    (text) => {
      expect(() => parseFingerprint(text)).toThrow(
        expect.objectContaining({ code: 'KEY.INVALID_FINGERPRINT' }) as Error,
      );
    },
  );
});
