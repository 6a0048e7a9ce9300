import { parseModelHash, parseSiteId } from './ids';

const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;

describe('ids', () => {
  it.each(['a', 'site-1', 'tb.2026_a', '0b54de6e-4a6b-4df5-9c1e-0f2a4a4f6a11', 'a'.repeat(64)])('takes %s', (text) => {
    expect(parseSiteId(text)).toBe(text);
  });

  it.each(['', '-a', 'a-', 'A', 'a b', 'a/b', '../a', 'a..b', 'a'.repeat(65), 'a\n', 'é', 7, null, undefined])(
    'refuses %j as a name',
    (value) => {
      expect(() => parseSiteId(value)).toThrow(code('ID.BAD_NAME'));
    },
  );

  it('takes and refuses hashes', () => {
    expect(parseModelHash('0123456789abcdef'.repeat(4))).toBe('0123456789abcdef'.repeat(4));
    for (const bad of ['', 'g'.repeat(64), 'A'.repeat(64), 'a'.repeat(63), `${'a'.repeat(64)}\n`, 7]) {
      expect(() => parseModelHash(bad)).toThrow(code('ID.BAD_HASH'));
    }
  });

  it('shows no more than 80 characters of a refused value', () => {
    expect(() => parseSiteId('X'.repeat(5000))).toThrow(/got "X{77}\.\.\."$/);
  });
});
