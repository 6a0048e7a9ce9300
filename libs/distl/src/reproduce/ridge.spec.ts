import { fitRidge, predictRidge } from './ridge';

const [n, d] = [12, 20];
const matrix = (rows: number, value: (i: number, k: number) => number): Float64Array =>
  Float64Array.from({ length: rows * d }, (_, at) => value(Math.floor(at / d), at % d));
const x = matrix(n, (i, k) => Math.sin(0.7 * i * i + 1.3 * k + 0.1 * i * k) + 0.05 * k);
const y = Float64Array.of(0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0);
const others = matrix(3, (i, k) => Math.cos(0.3 * i + 0.5 * k));
const near = (values: readonly number[]): unknown[] => values.map((value) => expect.closeTo(value, 10) as unknown);

// scikit-learn 1.9.1: RidgeCV(alphas=[10 ** (-2 + k / 2) for k in range(15)]) and Ridge(alpha=0.1).
it('has the strength, weights, error and predictions of scikit-learn', () => {
  const model = fitRidge(x, y);
  expect(model.alpha).toBeCloseTo(0.31622776601683794, 14);
  expect(model.intercept).toBeCloseTo(0.42760230163989854, 10);
  expect([...model.weights.subarray(0, 3)]).toEqual(
    near([0.11738006489410922, -0.17634076854350061, -0.11902730182178807]),
  );
  expect(model.looError).toBeCloseTo(0.025460139704989827, 10);
  expect([...predictRidge(model, others)]).toEqual(near([0.4206367556682534, 0.43072076950525506, 0.4405262198954251]));
  const weaker = fitRidge(x, y, [0.1]);
  expect(weaker.intercept).toBeCloseTo(0.46490056598064955, 10);
  expect([...predictRidge(weaker, others)]).toEqual(
    near([0.46227371223631547, 0.47584419885208634, 0.4884371233363397]),
  );
});

it('the closed form of leaving one out is what leaving one out gives', () => {
  let error = 0;
  for (let left = 0; left < n; left++) {
    const kept = [...y.keys()].filter((i) => i !== left);
    const rows = Float64Array.from(kept.flatMap((i) => [...x.subarray(i * d, (i + 1) * d)]));
    const model = fitRidge(
      rows,
      Float64Array.from(kept, (i) => y[i]!),
      [2],
    );
    error += (predictRidge(model, x.subarray(left * d, (left + 1) * d))[0]! - y[left]!) ** 2 / n;
  }
  expect(fitRidge(x, y, [2]).looError).toBeCloseTo(error, 12);
});
