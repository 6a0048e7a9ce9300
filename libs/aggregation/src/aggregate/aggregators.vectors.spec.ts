import { type AggregationRule, type ServerOptimiser } from '@fedistl/protocol';
import { DistanceMatrix } from '../rules/distance-matrix';
import { selectBulyan, selectKrum } from '../rules/krum';
import { stepServer } from '../server/server-optimiser';
import { aggregateInMemory } from '../testing/aggregate-in-memory';
import { makeUpdate } from '../testing/update-set';

/**
 * Check values of Flower's own tests (adap/flower, framework/py/flwr/server/strategy: krum_test.py, multikrum_test.py,
 * fedtrimmedavg_test.py, bulyan_test.py, fedadagrad_test.py) and of its update rules.
 */
const aggregate = async (values: readonly (readonly number[])[], rule: AggregationRule): Promise<number[]> => {
  const updates = values.map((row, i) => makeUpdate({ site: `s${String(i)}`, values: Float32Array.from(row) }));
  return [...(await aggregateInMemory(updates, { rule })).delta];
};

const distancesOf = (points: readonly number[]): DistanceMatrix =>
  new DistanceMatrix(points.length, Float64Array.from(points.flatMap((a) => points.map((b) => (a - b) ** 2))));

describe("aggregators against Flower's tests", () => {
  it('Krum, f = 1: {0.2, 0.7, 1} gives 0.7', () => {
    expect(selectKrum(distancesOf([0.2, 0.7, 1]), 1, 1)).toEqual([1]);
  });

  it('Multi-Krum, f = 1, m = 2: {0.2, 0.5, 1} gives the mean of 0.2 and 0.5, 0.35', () => {
    expect(selectKrum(distancesOf([0.2, 0.5, 1]), 1, 2)).toEqual([0, 1]);
  });

  it('Krum and Multi-Krum pick the same from enough sites, end to end', async () => {
    const values = [[0.2], [0.5], [0.7], [1], [90]];
    expect((await aggregate(values, { name: 'krum', byzantine: 1 }))[0]).toBeCloseTo(0.5, 6);
    const multi = await aggregate(values, { name: 'multi-krum', byzantine: 1, selected: 2 });
    expect(multi[0]).toBeCloseTo((0.5 + 0.7) / 2, 6);
  });

  it('trimmed mean, beta = 0.25: {0.5, 1, 2, 100} gives 1.5', async () => {
    const rule = { name: 'trimmed-mean', trimFraction: 0.25 } as const;
    expect(await aggregate([[0.5], [1], [2], [100]], rule)).toEqual([1.5]);
  });

  it('trimmed mean, beta = 0.25, of four sites gives 0.5 everywhere', async () => {
    const sites = [
      [0.5, 0.5, 0.5, 0.5],
      [1, 0.2, 0.5, 1],
      [0.2, 0.5, 1, 0.2],
      [0.5, 1, 0.2, 0.5],
    ];
    expect(await aggregate(sites, { name: 'trimmed-mean', trimFraction: 0.25 })).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('Bulyan, f = 0: {0.2, 0.5, 0.7, 12, 0.1, 0.1} gives the plain mean', async () => {
    const values = [0.2, 0.5, 0.7, 12, 0.1, 0.1];
    expect(selectBulyan(distancesOf(values), 0)).toEqual([0, 1, 2, 3, 4, 5]);
    const [result] = await aggregate(
      values.map((value) => [value]),
      { name: 'bulyan', byzantine: 0 },
    );
    expect(result).toBeCloseTo(values.reduce((a, b) => a + b, 0) / 6, 6);
  });

  const step = (optimiser: ServerOptimiser, delta: number, start: number, first = 0, second = 0, stepsBefore = 0) => {
    const state = {
      parameters: Float32Array.of(start),
      delta: Float32Array.of(delta),
      first: Float32Array.of(first),
      second: Float32Array.of(second),
      step: stepsBefore,
    };
    stepServer(optimiser, state);
    return [state.parameters[0], state.first[0], state.second[0]];
  };

  it('FedAdagrad, eta = 0.1, tau = 0.5: from 0.1, clients at 0.2 and 1, gives 0.15', () => {
    const [x] = step({ name: 'fedadagrad', learningRate: 0.1, beta1: 0, tau: 0.5 }, (0.2 + 1) / 2 - 0.1, 0.1);
    expect(x).toBeCloseTo(0.15, 7);
  });

  it('FedAdam corrects its rate by sqrt(1 - b2^(t+1)) / (1 - b1^(t+1))', () => {
    const adam = {
      name: 'fedadam',
      learningRate: 0.1,
      beta1: 0.9,
      beta2: 0.99,
      tau: 1e-3,
      biasCorrection: true,
    } as const;
    const [x] = step(adam, 0.5, 0.1);
    const rate = (0.1 * Math.sqrt(1 - 0.99 ** 2)) / (1 - 0.9 ** 2);
    expect(x).toBeCloseTo(0.1 + (rate * 0.05) / (Math.sqrt(0.01 * 0.25) + 1e-3), 6);
    const [second] = step(adam, 0.5, 0.1, 0, 0, 1);
    expect(second).not.toBe(x);
  });

  it('FedYogi: v moves by (1 - b2) d^2 towards d^2, tau = 1e-3', () => {
    const yogi = { name: 'fedyogi', learningRate: 0.1, beta1: 0.9, beta2: 0.99, tau: 1e-3 } as const;
    expect(step(yogi, 0.5, 0, 0, 0)[2]).toBeCloseTo(0.01 * 0.25, 8);
    expect(step(yogi, 0.5, 0, 0, 1)[2]).toBeCloseTo(1 - 0.01 * 0.25, 7);
  });

  it('FedAvgM: m = beta m + d', () => {
    const avgm = { name: 'fedavgm', learningRate: 0.5, momentum: 0.9 } as const;
    const [x, m] = step(avgm, 0.2, 1, 1);
    expect(m).toBeCloseTo(1.1, 6);
    expect(x).toBeCloseTo(1 + 0.5 * 1.1, 6);
  });

  it('FedAvg with rate 1 lands on the mean', () => {
    expect(step({ name: 'fedavg', learningRate: 1 }, 0.25, 0.5)[0]).toBe(0.75);
  });
});
