import { BEHAVIOURS } from '../config/behaviours';
import { parseTrainConfig } from '../config/parse-train-config';
import { type TrainConfig } from '../config/train-config';
import { checkTrainingData } from './check-data';
import { momentumBase } from './momentum-base';
import { passBatches, planStage } from './stage-plan';
import { type TrainingData } from './training-data';

const corrections = (plan: ReturnType<typeof planStage>): number[] =>
  Array.from({ length: plan.steps }, (_, step) => step).filter(plan.corrects);

it('plans steps and corrections as the released code does, or after the warm-up', () => {
  const parity = planStage(parseTrainConfig('parity', { batch: 4, correction: { everySteps: 10 } }), 1, 23);
  expect([parity.stepsPerEpoch, parity.steps]).toEqual([5, 25]);
  expect(corrections(parity)).toEqual([0, 10, 20]);
  expect([0, 4].map(parity.ramp)).toEqual([0.4, 2]);
  const leastSteps = { initial: 0, generation: 0 };
  const late = { batch: 4, epochs: { generation: 5 }, leastSteps, correction: { everySteps: 3 } };
  expect(corrections(planStage(parseTrainConfig('recommended', late), 1, 23))).toEqual([6, 9, 12, 15, 18, 21, 24]);
  expect(corrections(planStage(parseTrainConfig('recommended', late), 0, 23))).toEqual([]);
  // Nine labelled images are two batches of four: a pass every 2 · 3 steps.
  const rated = parseTrainConfig('recommended', { ...late, correction: { everySteps: { perLabelledBatch: 3 } } });
  expect(corrections(planStage(rated, 1, 23, 9))).toEqual([6, 12, 18, 24]);
});

it('a small set is gone through as often as the least number of steps needs', () => {
  const config = parseTrainConfig('parity', { batch: 4, leastSteps: { initial: 30, generation: 7 } });
  const steps = (stage: number): number => planStage(config, stage, 9).steps;
  expect([steps(0), steps(1)]).toEqual([30, 10]);
});

it.each([5, 100, 3000])('a tenth of the starting teacher is left after %d steps', (steps) => {
  const { momentum } = planStage(
    parseTrainConfig('recommended', {
      batch: 1,
      epochs: { generation: 1 },
      leastSteps: { generation: 0 },
      teacher: { startShare: 0.1 },
    }),
    1,
    steps,
  );
  let left = 1;
  for (let step = 0; step < steps; step++) left *= momentum(step);
  expect(left).toBeCloseTo(0.1, 9);
});

it('the momentum of the released code is the one that leaves exp(-0.00025·S)', () => {
  expect(momentumBase(Math.exp(-0.00025 * 4000), 4000)).toBeCloseTo(0.9995, 6);
});

it('a pass takes whole batches of distinct images, and goes on where it is told', () => {
  const options = { seed: 5, images: 11, batch: 3, order: 'a', epoch: 2 };
  const all = [...passBatches(options)];
  expect(all).toHaveLength(3);
  expect(new Set(all.flatMap(({ indices }) => indices)).size).toBe(9);
  expect([...passBatches(options, 2)]).toEqual(all.slice(2));
  expect([...passBatches({ ...options, order: 'b' })]).not.toEqual(all);
});

it('fewer images than a batch fill one by repetition', () => {
  const [only, ...others] = passBatches({ seed: 5, images: 3, batch: 8, order: 'a', epoch: 0 });
  expect(others).toEqual([]);
  expect(only?.indices).toHaveLength(8);
  expect(new Set(only?.indices)).toEqual(new Set([0, 1, 2]));
  expect(planStage(BEHAVIOURS.recommended, 0, 3).stepsPerEpoch).toBe(1);
});

describe('data that cannot be trained on', () => {
  const check =
    (labels: number[], foldSizes: number[], changes: Partial<TrainConfig> = {}) =>
    () => {
      const config = { ...BEHAVIOURS.parity, batch: 4, ...changes };
      checkTrainingData({ labels, foldSizes } as unknown as TrainingData, config, 2);
    };
  it.each([
    [check([], [9, 9]), 'DISTL.NO_LABELS'],
    [check([1, 1, 1, 1], [9, 9]), 'DISTL.ONE_CLASS'],
    [check([1, 0, 1], [9, 9]), 'DISTL.LABELLED_TOO_SMALL'],
    [check([1, 0, 1, 0], [9, 3]), 'DISTL.FOLD_TOO_SMALL'],
    [check([1, 0, 1, 0], [9]), 'DISTL.FOLD_TOO_SMALL'],
    [check([1, 0], [9, 0], { shortBatches: 'repeat' }), 'DISTL.FOLD_TOO_SMALL'],
    [check([1, 0, 1, 0], [9, 9], { selfSupervision: { epochs: 1, folds: 3 } }), 'DISTL.FOLD_TOO_SMALL'],
  ])('%#', (run, code) => {
    expect(run).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('is all that is refused', () => {
    expect(check([1, 0, 1, 0], [4, 4])).not.toThrow();
    expect(check([1, 0], [1, 1], { shortBatches: 'repeat' })).not.toThrow();
  });
});
