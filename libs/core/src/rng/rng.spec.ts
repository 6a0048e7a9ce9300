import fc from 'fast-check';
import { createRng, restoreRng } from './rng';

const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;

describe('Rng', () => {
  it('keeps its numbers across releases', () => {
    const rng = createRng(42);
    // Recorded once; a change here means that every published run changes.
    expect([rng.nextUint32(), rng.nextUint32()]).toEqual(RECORDED.root);
    expect(rng.stream('augmentation').nextUint32()).toBe(RECORDED.child);
    expect(createRng('42').nextUint32()).not.toBe(RECORDED.root[0]);
  });

  it('derives streams from names, not from the order of use', () => {
    const first = createRng(1);
    first.fillUint32(new Uint32Array(1001));
    const late = first.stream('a').nextUint32();
    const fresh = createRng(1);
    const other = fresh.stream('b');
    other.normal();
    expect(fresh.stream('a').nextUint32()).toBe(late);
    expect(fresh.stream('b').nextUint32()).not.toBe(late);
    expect(fresh.stream('a').stream('b').nextUint32()).not.toBe(fresh.stream('b').stream('a').nextUint32());
  });

  it('fills in bulk exactly what single draws give, from any position', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(300), (skip, length) => {
        const bulk = createRng('bulk');
        const single = createRng('bulk');
        for (let i = 0; i < skip; i++) expect(bulk.nextUint32()).toBe(single.nextUint32());
        expect([...bulk.fillUint32(new Uint32Array(length))]).toEqual(
          Array.from({ length }, () => single.nextUint32()),
        );
        expect(bulk.nextUint32()).toBe(single.nextUint32());
      }),
      { numRuns: 50 },
    );
  });

  it('continues from a state that went through JSON', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(150), (seed, skip) => {
        const rng = createRng(seed).stream('x');
        for (let i = 0; i < skip; i++) rng.nextUint32();
        const copy = restoreRng(JSON.parse(JSON.stringify(rng.state())));
        expect(copy.normal()).toBe(rng.normal());
        expect([...copy.permutation(20)]).toEqual([...rng.permutation(20)]);
        expect(copy.stream('y').int(1000)).toBe(rng.stream('y').int(1000));
        expect(copy.state()).toEqual(rng.state());
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    {},
    null,
    { algorithm: 'mt19937', stream: [0, 0, 0, 0], drawn: 0 },
    { algorithm: 'philox4x32-10', stream: [0, 0, 0], drawn: 0 },
    { algorithm: 'philox4x32-10', stream: [0, 0, 0, -1], drawn: 0 },
    { algorithm: 'philox4x32-10', stream: [0, 0, 0, 1], drawn: 0.5 },
  ])('refuses the state %j', (state) => {
    expect(() => restoreRng(state)).toThrow(code('RNG.BAD_STATE'));
  });

  it('has the moments of its distributions', () => {
    const rng = createRng('moments');
    const n = 100_000;
    const normal = rng.stream('normal').fillNormal(new Float64Array(n), 3, 2);
    const uniform = rng.stream('uniform').fillUniform(new Float32Array(n));
    // Five standard errors of the mean and of the variance.
    expect(Math.abs(mean(normal) - 3)).toBeLessThan((5 * 2) / Math.sqrt(n));
    expect(Math.abs(variance(normal) - 4)).toBeLessThan(5 * 4 * Math.sqrt(2 / n));
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.max(...uniform.subarray(0, 1000))).toBeLessThan(1);
    // Kolmogorov-Smirnov against N(3, 2): quantiles at the eighths.
    const sorted = normal.slice().sort();
    const octile = (k: number): number => ((sorted[Math.floor((k * n) / 8)] ?? 0) - 3) / 2;
    for (const [k, z] of [
      [1, -1.1503493803760079],
      [2, -0.6744897501960817],
      [4, 0],
      [6, 0.6744897501960817],
    ] as const) {
      expect(octile(k)).toBeCloseTo(z, 1.7);
    }
  });

  it('draws integers without bias (chi-squared, 9 degrees of freedom)', () => {
    const rng = createRng('int');
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[rng.int(10)]!++;
    const chi = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chi).toBeLessThan(27.88); // 0.1 % point
    expect(Array.from({ length: 100 }, () => rng.int(2 ** 32)).every((x) => x >= 0 && x < 2 ** 32)).toBe(true);
    expect(rng.int(1)).toBe(0);
  });

  it('permutes: every item once, every order of three equally often', () => {
    const rng = createRng('perm');
    expect([...rng.permutation(500)].sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, i) => i));
    const orders = new Map<string, number>();
    for (let i = 0; i < 12_000; i++) {
      const key = rng.shuffle(['a', 'b', 'c']).join('');
      orders.set(key, (orders.get(key) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    const chi = [...orders.values()].reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
    expect(chi).toBeLessThan(20.52); // 0.1 % point, 5 degrees of freedom
  });

  it('keeps uniform(min, max) inside its bounds and bernoulli at its rate', () => {
    const rng = createRng('bounds');
    for (let i = 0; i < 1000; i++) {
      const value = rng.uniform(-2, 1e-3);
      expect(value >= -2 && value < 1e-3).toBe(true);
    }
    expect(rng.uniform(5, 5)).toBe(5);
    let heads = 0;
    for (let i = 0; i < 100_000; i++) heads += rng.bernoulli(0.3) ? 1 : 0;
    expect(Math.abs(heads - 30_000)).toBeLessThan(5 * Math.sqrt(100_000 * 0.3 * 0.7));
    expect(rng.bernoulli(0)).toBe(false);
    expect(rng.bernoulli(1)).toBe(true);
  });

  it.each([
    ['RNG.BAD_SEED', () => createRng(1.5)],
    ['RNG.BAD_SEED', () => createRng(2 ** 53)],
    ['RNG.BAD_RANGE', () => createRng(1).int(0)],
    ['RNG.BAD_RANGE', () => createRng(1).int(2.5)],
    ['RNG.BAD_RANGE', () => createRng(1).uniform(1, 0)],
    ['RNG.BAD_RANGE', () => createRng(1).uniform(0, Number.NaN)],
    ['RNG.BAD_RANGE', () => createRng(1).normal(0, -1)],
    ['RNG.BAD_RANGE', () => createRng(1).permutation(-1)],
    ['RNG.BAD_PROBABILITY', () => createRng(1).bernoulli(Number.NaN)],
  ])('%s: %s', (expected, act) => {
    expect(act).toThrow(code(expected));
  });
});

/** Computed apart from this code, from the derivation in stream-key.ts and the paper's definition. */
const RECORDED = { root: [1833131175, 2299345003], child: 2450980925 };

const mean = (x: ArrayLike<number>): number => Array.from(x).reduce((sum, value) => sum + value, 0) / x.length;
const variance = (x: ArrayLike<number>): number => {
  const m = mean(x);
  return Array.from(x).reduce((sum, value) => sum + (value - m) ** 2, 0) / (x.length - 1);
};
