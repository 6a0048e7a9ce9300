import { lutTransform, rangeTransform, windowTransform } from './voi-transform';

describe('the window', () => {
  // PS3.3, C.11.2.1.2.1, note 4: centre 2048 and width 4096 is the identity on 12 bits; centre 0, width 1 a step.
  it('LINEAR follows the examples of the standard', () => {
    const identity = windowTransform({ centre: 2048, width: 4096 }, 'LINEAR');
    expect([0, 2047, 2048, 4095].map((value) => identity(value) * 4095)).toEqual([0, 2047, 2048, 4095]);
    const step = windowTransform({ centre: 2048, width: 1 }, 'LINEAR');
    expect([2047, 2048].map(step)).toEqual([0, 1]);
    const signed = windowTransform({ centre: 0, width: 100 }, 'LINEAR');
    expect([-51, -50, 49, 50].map(signed)).toEqual([0, 0, 1, 1]);
    expect(signed(-0.5)).toBe(0.5);
  });

  it('LINEAR_EXACT has its centre at the middle', () => {
    const transform = windowTransform({ centre: 40, width: 80 }, 'LINEAR_EXACT');
    expect([-1, 0, 20, 40, 80, 81].map(transform)).toEqual([0, 0, 0.25, 0.5, 1, 1]);
  });

  it('SIGMOID never saturates', () => {
    const transform = windowTransform({ centre: 10, width: 8 }, 'SIGMOID');
    expect(transform(10)).toBe(0.5);
    expect(transform(14)).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
    expect(transform(-100)).toBeGreaterThan(0);
  });
});

describe('the VOI look-up table', () => {
  it('is clamped at both ends', () => {
    const transform = lutTransform({ firstInput: 10, bits: 8, entries: Uint16Array.of(0, 51, 255) });
    expect([9, 10, 11, 12, 99].map(transform)).toEqual([0, 0, 0.2, 1, 1]);
  });

  it('with 12-bit entries under 16 stated bits still reaches white', () => {
    const transform = lutTransform({ firstInput: 0, bits: 16, entries: Uint16Array.of(0, 2048, 4095) });
    expect(transform(2)).toBe(1);
    expect(transform(1)).toBeCloseTo(0.5, 3);
  });

  it('that leaves a little room at the top keeps it', () => {
    expect(lutTransform({ firstInput: 0, bits: 8, entries: Uint16Array.of(0, 200) })(1)).toBeCloseTo(200 / 255, 12);
  });
});

describe('a range', () => {
  it('is stretched, and is mid-grey when it holds one value', () => {
    expect([1, 2, 3, 4].map(rangeTransform(2, 4))).toEqual([0, 0, 0.5, 1]);
    expect(rangeTransform(7, 7)(7)).toBe(0.5);
  });
});
