import { delongPairedTest } from '../delong-test';
import { laterMinusEarlier } from './later-minus-earlier';
import { type ComparisonRecord } from './report-types';

const labels = [0, 0, 0, 1, 1, 1, 0, 1];
const weak = [0.1, 0.6, 0.7, 0.5, 0.9, 0.4, 0.2, 0.8];
const strong = [0.1, 0.2, 0.3, 0.7, 0.9, 0.6, 0.2, 0.8];

const recordOf = (pairs: ComparisonRecord['pairs']): ComparisonRecord => ({ pairs }) as unknown as ComparisonRecord;

it('makes an improvement of the later model positive, and is the test of the turned pair to the bit', () => {
  const forward = { a: 0, b: 1, adjustedP: 0.2, ...delongPairedTest({ labels, scoresA: weak, scoresB: strong }) };
  const backward = { a: 1, b: 0, adjustedP: 0.2, ...delongPairedTest({ labels, scoresA: strong, scoresB: weak }) };
  expect(forward.difference).toBeLessThan(0);
  const { pairs } = laterMinusEarlier(recordOf([forward]));
  expect(pairs).toEqual([backward]);
  expect(pairs[0]).toMatchObject({ difference: pairs[0]!.aucA - pairs[0]!.aucB });
  expect(laterMinusEarlier(recordOf(pairs)).pairs).toEqual(pairs);
});

it('has no negative zero for models that rank alike', () => {
  const same = { a: 0, b: 1, adjustedP: 1, ...delongPairedTest({ labels, scoresA: weak, scoresB: weak }) };
  const [pair] = laterMinusEarlier(recordOf([same])).pairs;
  expect([pair?.difference, pair?.lower, pair?.upper, pair?.z].some((value) => Object.is(value, -0))).toBe(false);
});
