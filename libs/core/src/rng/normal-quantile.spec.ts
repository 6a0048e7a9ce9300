import { normalQuantile } from './normal-quantile';

const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;

describe('normalQuantile', () => {
  // Values to 17 digits from the inverse error function in 40-digit arithmetic.
  it.each([
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489004],
    [0.9, 1.2815515655446004],
    [0.6, 0.2533471031357997],
    [0.5, 0],
    [1e-10, -6.361340902404056],
    [1e-20, -9.262340089798408],
    [1e-300, -37.0471],
  ])('of %d is %d', (probability, expected) => {
    const digits = expected === -37.0471 ? 4 : 13;
    expect(normalQuantile(probability)).toBeCloseTo(expected, digits);
  });

  it('is odd about one half', () => {
    for (let i = 1; i < 512; i++) expect(normalQuantile(i / 1024)).toBe(-normalQuantile(1 - i / 1024));
  });

  it.each([0, 1, -0.1, 1.1, Number.NaN])('refuses %d', (probability) => {
    expect(() => normalQuantile(probability)).toThrow(code('RNG.BAD_PROBABILITY'));
  });
});
