import { createRng, parseSiteId } from '@fedistl/core';
import { type AggregationRule } from '@fedistl/protocol';
import fc from 'fast-check';
import { aggregateUpdates } from '../aggregate/aggregate-updates';
import { StreamPassRunner } from '../aggregate/stream-pass-runner';
import { aggregateInMemory } from '../testing/aggregate-in-memory';
import { makeUpdate } from '../testing/update-set';
import { DistanceMatrix } from './distance-matrix';
import { geometricMedianCoefficients } from './geometric-median';
import { krumScores, selectBulyan } from './krum';
import { ruleConditions } from './rule-conditions';

type Points = readonly (readonly number[])[];
const squaredDistance = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0);
const matrixOf = (points: Points): DistanceMatrix =>
  new DistanceMatrix(points.length, Float64Array.from(points.flatMap((a) => points.map((b) => squaredDistance(a, b)))));
const combine = (points: Points, coefficients: readonly number[]): number[] =>
  points[0]!.map((_, i) => points.reduce((sum, point, k) => sum + coefficients[k]! * point[i]!, 0));
const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

const points = fc.integer({ min: 3, max: 9 }).chain((n) =>
  fc.array(fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 3, maxLength: 3 }), {
    minLength: n,
    maxLength: n,
  }),
);

/** Weiszfeld's iteration on the vectors themselves, as in RFA's Algorithm 2. */
function directGeometricMedian(vectors: Points, weights: readonly number[], iterations: number, nu: number): number[] {
  const total = weights.reduce((a, b) => a + b, 0);
  let centre = combine(
    vectors,
    weights.map((w) => w / total),
  );
  for (let k = 0; k < iterations; k++) {
    const beta = vectors.map((v, i) => weights[i]! / Math.max(nu, Math.sqrt(squaredDistance(v, centre))));
    const sum = beta.reduce((a, b) => a + b, 0);
    centre = combine(
      vectors,
      beta.map((b) => b / sum),
    );
  }
  return centre;
}

describe('geometric median', () => {
  it('from distances alone is what the iteration on the vectors gives', () => {
    fc.assert(
      fc.property(points, (vectors) => {
        const weights = vectors.map((_, i) => 1 + i);
        const options = { weights, maximumIterations: 20, smoothing: 1e-3 };
        const got = combine(vectors, geometricMedianCoefficients(matrixOf(vectors), options));
        const expected = directGeometricMedian(vectors, weights, 20, 1e-3);
        got.forEach((value, i) => {
          expect(value).toBeCloseTo(expected[i]!, 5);
        });
      }),
    );
  });

  it('has no nearby point with a smaller sum of distances', () => {
    const rng = createRng('geometric');
    const vectors = Array.from({ length: 7 }, () => [rng.normal(), rng.normal()]);
    const weights = vectors.map(() => 1);
    const cost = (point: readonly number[]): number =>
      vectors.reduce((sum, v) => sum + Math.sqrt(squaredDistance(v, point)), 0);
    const coefficients = geometricMedianCoefficients(matrixOf(vectors), {
      weights,
      maximumIterations: 500,
      smoothing: 1e-9,
    });
    const centre = combine(vectors, coefficients);
    for (const [dx, dy] of [
      [1e-3, 0],
      [-1e-3, 0],
      [0, 1e-3],
      [0, -1e-3],
    ] as const) {
      expect(cost([centre[0]! + dx, centre[1]! + dy])).toBeGreaterThan(cost(centre));
    }
  });

  it('of equal updates is that update, and of a majority at one point that point', () => {
    const same = matrixOf([[1], [1], [1]]);
    const options = { maximumIterations: 100, smoothing: 1e-6 };
    expect(geometricMedianCoefficients(same, { ...options, weights: [1, 1, 1] }).every(Number.isFinite)).toBe(true);
    const majority = [[0], [0], [0], [9], [7]];
    const coefficients = geometricMedianCoefficients(matrixOf(majority), { ...options, weights: [1, 1, 1, 1, 1] });
    expect(combine(majority, coefficients)[0]).toBeCloseTo(0, 4);
  });
});

describe('Krum scores', () => {
  it('sum the distances to the n - f - 2 nearest others', () => {
    const matrix = matrixOf([[0], [1], [3], [7], [100]]);
    // n = 5, f = 1: two neighbours each.
    expect(krumScores(matrix, 1, [0, 1, 2, 3, 4])).toEqual([1 + 9, 1 + 4, 4 + 9, 16 + 36, 93 ** 2 + 97 ** 2]);
  });

  it('Bulyan chooses n - 2f, far ones last', () => {
    expect(selectBulyan(matrixOf([[0], [0.1], [0.2], [0.3], [0.4], [0.5], [500]]), 1)).not.toContain(6);
  });
});

describe('conditions', () => {
  it.each<[AggregationRule, number, number, number]>([
    [{ name: 'fedavg' }, 10, 1, 0],
    [{ name: 'median' }, 10, 1, 4],
    [{ name: 'geometric-median', maximumIterations: 1, smoothing: 1 }, 11, 1, 5],
    [{ name: 'trimmed-mean', trimFraction: 0.25 }, 10, 1, 2],
    [{ name: 'krum', byzantine: 2 }, 10, 7, 2],
    [{ name: 'multi-krum', byzantine: 3, selected: null }, 10, 9, 3],
    [{ name: 'bulyan', byzantine: 2 }, 11, 11, 2],
  ])('of %j with %i sites: at least %i, tolerates %i', (rule, sites, minimumSites, tolerated) => {
    expect(ruleConditions(rule, sites)).toEqual({ minimumSites, tolerated });
  });

  const some = (n: number) =>
    Array.from({ length: n }, (_, i) => makeUpdate({ site: `s${String(i)}`, values: Float32Array.of(i + 1) }));

  it('too few updates are refused, also when refusals made them too few', async () => {
    const rule = { name: 'krum', byzantine: 1 } as const;
    await expect(aggregateInMemory(some(4), { rule })).rejects.toThrow(refused('AGGREGATION.TOO_FEW_SITES'));
    const zero = makeUpdate({ site: 's9', values: Float32Array.of(0) });
    await expect(aggregateInMemory([...some(4), zero], { rule })).rejects.toThrow(refused('AGGREGATION.TOO_FEW_SITES'));
    await expect(aggregateInMemory([zero], { rule: { name: 'fedavg' } })).rejects.toThrow(
      refused('AGGREGATION.TOO_FEW_SITES'),
    );
  });

  it('a total weight of zero and sites out of order are refused', async () => {
    const weightless = some(2).map((update) => ({ ...update, weight: 0 }));
    await expect(aggregateInMemory(weightless, { rule: { name: 'fedavg' } })).rejects.toThrow(
      refused('AGGREGATION.NO_WEIGHT'),
    );
    const { blobHash } = some(1)[0]!.manifest.payload;
    const inputs = ['b2', 'a1'].map((site) => ({ siteId: parseSiteId(site), blobHash, weight: 1 }));
    const runner = new StreamPassRunner({ parameters: 1, updates: [] });
    await expect(aggregateUpdates(runner, { rule: { name: 'fedavg' }, normBound: null, inputs })).rejects.toThrow(
      refused('AGGREGATION.UNSORTED'),
    );
  });
});

describe('contributions', () => {
  const updates = [3, 4, 5].map((value, i) =>
    makeUpdate({ site: `s${String(i)}`, values: Float32Array.of(value, 0), weight: i + 1 }),
  );

  it('say norm, scale and share of each site', async () => {
    const normBound = { limit: 4, action: 'clip' } as const;
    const { contributions, delta } = await aggregateInMemory(updates, { rule: { name: 'fedavg' }, normBound });
    expect(contributions.map(({ norm, scale, share }) => [norm, scale, share])).toEqual([
      [3, 1, 1 / 6],
      [4, 1, 2 / 6],
      [5, 4 / 5, 3 / 6],
    ]);
    expect(delta[0]).toBeCloseTo((3 + 2 * 4 + 3 * 4) / 6, 6);
  });

  it('have no share where the rule has none', async () => {
    const { contributions } = await aggregateInMemory(updates, { rule: { name: 'median' } });
    expect(contributions.map(({ share }) => share)).toEqual([null, null, null]);
  });

  it('a site of weight zero counts for nothing in the geometric median', async () => {
    const rule = { name: 'geometric-median', maximumIterations: 50, smoothing: 1e-6 } as const;
    const weightless = makeUpdate({ site: 's9', values: Float32Array.of(1e6, 1e6), weight: 0 });
    const [without, withIt] = [
      await aggregateInMemory(updates, { rule }),
      await aggregateInMemory([...updates, weightless], { rule }),
    ];
    expect(withIt.delta).toEqual(without.delta);
  });
});
