import { createRng } from '@fedistl/core';
import { inverseDct } from './inverse-dct';

const WAVES = Float64Array.from({ length: 64 }, (_, index) =>
  Math.cos(((2 * (index >> 3) + 1) * (index & 7) * Math.PI) / 16),
);

/** The inverse DCT as T.81 (A.3.3) defines it, in double precision. */
function reference(coefficients: Int16Array, steps: Uint16Array, precision: number): number[] {
  const scale = (frequency: number): number => (frequency === 0 ? Math.SQRT1_2 : 1);
  const wave = (position: number, frequency: number): number => WAVES[8 * position + frequency]!;
  return Array.from({ length: 64 }, (_, at) => {
    let sum = 0;
    for (let v = 0; v < 8; v += 1) {
      for (let u = 0; u < 8; u += 1) {
        const value = coefficients[8 * v + u]! * steps[8 * v + u]!;
        sum += scale(u) * scale(v) * value * wave(at & 7, u) * wave(at >> 3, v);
      }
    }
    return Math.min(2 ** precision - 1, Math.max(0, sum / 4 + 2 ** (precision - 1)));
  });
}

describe('inverse DCT', () => {
  it.each([8, 12])('is within one level of the definition (%i bits)', (precision) => {
    const rng = createRng('inverse dct');
    for (let trial = 0; trial < 60; trial += 1) {
      const coefficients = Int16Array.from({ length: 64 }, (_, index) =>
        rng.bernoulli(index < 10 ? 0.8 : 0.2) ? rng.int(61) - 30 : 0,
      );
      const steps = Uint16Array.from({ length: 64 }, () => 1 + rng.int(precision));
      const samples = new Uint16Array(64);
      inverseDct(coefficients, 0, steps, { samples, offset: 0, stride: 8, precision });
      const exact = reference(coefficients, steps, precision);
      const worst = Math.max(...exact.map((value, index) => Math.abs(value - samples[index]!)));
      expect(worst).toBeLessThan(1);
    }
  });

  it('gives a flat block for a DC coefficient alone', () => {
    const coefficients = new Int16Array(64);
    coefficients[0] = -5;
    const samples = new Uint8Array(64);
    inverseDct(coefficients, 0, new Uint16Array(64).fill(8), { samples, offset: 0, stride: 8, precision: 8 });
    expect([...samples]).toEqual(new Array(64).fill(123));
  });
});
