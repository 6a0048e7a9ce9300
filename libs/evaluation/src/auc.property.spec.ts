import fc from 'fast-check';
import { auc } from './auc';
import { averagePrecision } from './average-precision';
import { delongInterval, placements } from './delong';
import { delongPairedTest } from './delong-test';
import { rocCurve } from './roc';

/** Scores on a coarse grid, so that ties abound; both classes occur at least twice. */
const cases = fc
  .record({
    scores: fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 4, maxLength: 60 }),
    seed: fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
  })
  .map(({ scores, seed }) => ({
    labels: scores.map((_, i) => (i < 2 ? 1 : i < 4 ? 0 : Number(seed[i]))),
    scores: scores.map((score) => score / 8),
  }));

/** psi of the definition. */
const psi = (x: number, y: number): number => (x > y ? 1 : x === y ? 0.5 : 0);
const split = (labels: number[], scores: number[], label: number): number[] =>
  scores.filter((_, i) => labels[i] === label);
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('AUC', () => {
  it('is the mean of psi over all pairs, and so are the placements', () => {
    fc.assert(
      fc.property(cases, ({ labels, scores }) => {
        const [x, y] = [split(labels, scores, 1), split(labels, scores, 0)];
        const placed = placements({ labels, scores });
        expect(auc(labels, scores)).toBeCloseTo(mean(x.map((xi) => mean(y.map((yj) => psi(xi, yj))))), 12);
        expect(placed.auc).toBe(auc(labels, scores));
        x.forEach((xi, i) => {
          expect(placed.v10[i]).toBeCloseTo(mean(y.map((yj) => psi(xi, yj))), 12);
        });
        y.forEach((yj, j) => {
          expect(placed.v01[j]).toBeCloseTo(mean(x.map((xi) => psi(xi, yj))), 12);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('is the area under the ROC curve by trapezoids', () => {
    fc.assert(
      fc.property(cases, ({ labels, scores }) => {
        const roc = rocCurve({ labels, scores });
        let area = 0;
        for (let k = 1; k < roc.length; k++) {
          const [a, b] = [roc[k - 1]!, roc[k]!];
          area += ((b.falsePositiveRate - a.falsePositiveRate) * (a.truePositiveRate + b.truePositiveRate)) / 2;
        }
        expect(roc.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
        expect(area).toBeCloseTo(auc(labels, scores), 12);
      }),
      { numRuns: 100 },
    );
  });

  it('depends on ranks alone, and flips with the sign or the labels', () => {
    fc.assert(
      fc.property(cases, ({ labels, scores }) => {
        const area = auc(labels, scores);
        const squeezed = scores.map((score) => Math.tanh(score) * 5 - 2);
        const [before, after] = [
          { labels, scores },
          { labels, scores: squeezed },
        ].map((c) => delongInterval(c));
        expect(after).toEqual(before);
        expect(
          auc(
            labels,
            scores.map((score) => -score),
          ),
        ).toBeCloseTo(1 - area, 12);
        expect(
          auc(
            labels.map((label) => 1 - label),
            scores,
          ),
        ).toBeCloseTo(1 - area, 12);
        expect(averagePrecision(labels, squeezed)).toBeCloseTo(averagePrecision(labels, scores), 14);
      }),
      { numRuns: 100 },
    );
  });

  it('does not depend on the order of the cases', () => {
    fc.assert(
      fc.property(cases, ({ labels, scores }) => {
        const forward = delongInterval({ labels, scores });
        const backward = delongInterval({ labels: labels.toReversed(), scores: scores.toReversed() });
        expect(backward.auc).toBe(forward.auc);
        expect(backward.variance).toBeCloseTo(forward.variance, 14);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the paired test', () => {
  const pair = cases.chain(({ labels, scores }) =>
    fc
      .array(fc.integer({ min: 0, max: 8 }), { minLength: labels.length, maxLength: labels.length })
      .map((other) => ({ labels, scoresA: scores, scoresB: other })),
  );

  it('has its sign and not its p value from the order of the models', () => {
    fc.assert(
      fc.property(pair, ({ labels, scoresA, scoresB }) => {
        const forward = delongPairedTest({ labels, scoresA, scoresB });
        const backward = delongPairedTest({ labels, scoresA: scoresB, scoresB: scoresA });
        if (forward.z === null) expect(backward.z).toBeNull();
        else expect(backward.z).toBeCloseTo(-forward.z, 9);
        if (forward.p === null) expect(backward.p).toBeNull();
        else expect(backward.p).toBeCloseTo(forward.p, 9);
      }),
      { numRuns: 200 },
    );
  });

  it('finds no difference between a model and a monotone map of itself', () => {
    fc.assert(
      fc.property(cases, ({ labels, scores }) => {
        const test = delongPairedTest({ labels, scoresA: scores, scoresB: scores.map((score) => score * 3 + 1) });
        expect(test).toMatchObject({ difference: 0, standardError: 0, z: 0, p: 1, lower: 0, upper: 0 });
      }),
      { numRuns: 100 },
    );
  });
});
