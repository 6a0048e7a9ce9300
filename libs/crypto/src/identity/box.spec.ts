import fc from 'fast-check';
import { utf8 } from '../encoding/bytes';
import { openBox, sealBox } from './box';
import { Identity } from './identity';

const seeded = (name: string, fill: number) =>
  Identity.fromSecrets(name, {
    signingSeed: new Uint8Array(32).fill(fill),
    boxSecret: new Uint8Array(32).fill(fill + 1),
  });
const a = seeded('site-a', 1);
const b = seeded('site-b', 10);
const c = seeded('site-c', 20);
const purpose = 'fedistl/v1/test';
const numRuns = process.env['SLOW'] === undefined ? 10 : 100;

describe('a box', () => {
  it('opens for its recipient with what was put in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
        const box = sealBox(message, { sender: a, recipient: b.public, purpose });
        expect(box).toHaveLength(message.length + 40);
        expect(openBox(box, { sender: a.public, recipient: b, purpose })).toEqual(message);
      }),
      { numRuns },
    );
  });

  it('is never the same twice', () => {
    const options = { sender: a, recipient: b.public, purpose };
    expect(sealBox(utf8('x'), options)).not.toEqual(sealBox(utf8('x'), options));
  });

  const box = sealBox(utf8('share 3 of 5'), { sender: a, recipient: b.public, purpose });
  it.each([
    ['another recipient', { sender: a.public, recipient: c, purpose }],
    ['another sender', { sender: c.public, recipient: b, purpose }],
    ['another purpose', { sender: a.public, recipient: b, purpose: 'fedistl/v1/other' }],
    ['its author, as if it came back', { sender: b.public, recipient: a, purpose }],
  ])('does not open for %s', (_, options) => {
    expect(openBox(box, options)).toBeUndefined();
  });

  it('does not open with any byte changed, or cut short', () => {
    const options = { sender: a.public, recipient: b, purpose };
    for (let i = 0; i < box.length; i++) {
      const changed = Uint8Array.from(box);
      changed[i]! ^= 1 << (i & 7);
      expect(openBox(changed, options)).toBeUndefined();
    }
    for (const length of [0, 23, 24, 39, box.length - 1]) {
      expect(openBox(box.subarray(0, length), options)).toBeUndefined();
    }
  });

  it('refuses a purpose that is no name', () => {
    expect(() => sealBox(utf8('x'), { sender: a, recipient: b.public, purpose: '' })).toThrow(
      expect.objectContaining({ code: 'KEY.INVALID_PURPOSE' }) as Error,
    );
  });
});
