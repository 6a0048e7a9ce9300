import fc from 'fast-check';
import { canonicalBytes, canonicalJson } from './canonical-json';
import { parseJson } from './parse-json';

const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;

describe('canonicalJson', () => {
  const json = fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme-composite' });

  it('reads back as the same value and is a fixed point', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        // JSON has one zero.
        expect(parseJson(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(parseJson(text))).toBe(text);
        expect(canonicalBytes(value)).toEqual(new TextEncoder().encode(text));
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order in which members were set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (members) => {
        const reversed = Object.fromEntries(Object.entries(members).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(members));
      }),
      { numRuns: 200 },
    );
  });

  it('takes objects without a prototype and with a member __proto__', () => {
    expect(canonicalJson(Object.assign(Object.create(null) as object, { b: 1, a: 2 }))).toBe('{"a":2,"b":1}');
    expect(canonicalJson(JSON.parse('{"__proto__":{"x":1}}'))).toBe('{"__proto__":{"x":1}}');
  });

  it.each([
    ['JSON.NOT_JSON', undefined],
    ['JSON.NOT_JSON', { a: undefined }],
    ['JSON.NOT_JSON', new Array(2)],
    ['JSON.NOT_JSON', () => 1],
    ['JSON.NOT_JSON', 1n],
    ['JSON.NOT_JSON', new Date(0)],
    ['JSON.NOT_JSON', new Map()],
    ['JSON.NOT_JSON', new Uint8Array(2)],
    ['JSON.NOT_FINITE', { a: [Number.NaN] }],
    ['JSON.NOT_FINITE', Number.NEGATIVE_INFINITY],
    ['JSON.LONE_SURROGATE', '\ud800'],
    ['JSON.LONE_SURROGATE', { '\udc00': 1 }],
    ['JSON.LONE_SURROGATE', 'a\ude02\ud83d'],
  ])('refuses with %s: %p', (expected, value) => {
    expect(() => canonicalJson(value)).toThrow(code(expected));
  });

  it('names the place and survives cycles', () => {
    expect(() => canonicalJson({ rounds: [{ rate: Number.NaN }] })).toThrow('at $["rounds"][0]["rate"]');
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => canonicalJson(cycle)).toThrow(code('JSON.TOO_DEEP'));
  });
});

describe('parseJson', () => {
  it('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5, stringUnit: 'binary' }), fc.constantFrom(0, 2), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent);
        expect(parseJson(spaced)).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '{"a":1,"a":2}',
    String.raw`{"a":1,"\u0061":2}`,
    '{"x":[{"b":{},"c":[1,2],"b":0}]}',
    String.raw`{"\"":1,"\"":2}`,
    '{ "a" : "x" , "b" : [ "a" ] , "a" : 1 }',
    '{"__proto__":1,"__proto__":2}',
  ])('refuses a repeated member: %s', (text) => {
    expect(() => parseJson(text)).toThrow(code('JSON.DUPLICATE_NAME'));
  });

  it.each(['{"a":{"a":1}}', '[{"a":1},{"a":1}]', '["a","a"]', '{"a":"b","b":"a"}', '{"a":["b","b"],"b":1}', '"{,{"'])(
    'takes %s',
    (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    },
  );

  it('refuses broken, deep and long text', () => {
    expect(() => parseJson('{"a":1')).toThrow(code('JSON.SYNTAX'));
    expect(() => parseJson('')).toThrow(code('JSON.SYNTAX'));
    expect(() => parseJson('['.repeat(300) + ']'.repeat(300))).toThrow(code('JSON.TOO_DEEP'));
    expect(() => parseJson('['.repeat(100_000) + ']'.repeat(100_000))).toThrow(code('JSON.TOO_DEEP'));
    expect(() => parseJson('"aaaa"', { maxLength: 5 })).toThrow(code('JSON.TOO_LONG'));
  });
});
