import { collapseOf, stopOnCollapse } from './collapse';
import { addCorrection, addStep, NO_SUMS, summarise } from './epoch-summary';

const healthy = summarise(
  addCorrection(addStep(addStep(NO_SUMS, step(1, [0.25, 0.75])), step(3, [0.25, 0.75])), 5),
  { stage: 1, epoch: 2 },
  16,
  [3, 4],
  { effectiveRank: 7, filtered: true },
);

function step(loss: number, teacherProbabilities: number[]) {
  return {
    loss,
    classification: loss / 2,
    dino: loss * 2,
    teacherProbabilities,
    teacherEntropy: Math.log(4),
    targetInformation: loss / 10,
    retained: 0.25,
  };
}

it('averages an epoch', () => {
  expect(healthy).toEqual({
    stage: 1,
    epoch: 2,
    steps: 2,
    loss: 2,
    dino: 4,
    classification: 1,
    correction: 5,
    pseudoPositive: 0.5,
    pseudoSpread: 0.25,
    teacherEntropy: 0.5,
    targetInformation: 0.2,
    effectiveRank: 7,
    retained: 0.25,
    centreNorm: 5,
  });
  const supervised = summarise(addStep(NO_SUMS, { loss: 1, classification: 1 }), { stage: 0, epoch: 0 }, 16, null);
  expect([supervised.dino, supervised.teacherEntropy, supervised.pseudoPositive]).toEqual([null, null, null]);
});

it('stops on a collapse, but not in the first epoch', () => {
  expect(collapseOf(healthy)).toBeUndefined();
  const same = { ...healthy, steps: 20, targetInformation: 5e-5, teacherEntropy: 0.01 };
  expect(collapseOf(same)).toContain('same prototype');
  expect(collapseOf({ ...same, epoch: 0 })).toBeUndefined();
  expect(collapseOf({ ...same, epoch: 1 })).toBeUndefined();
  expect(collapseOf({ ...same, targetInformation: 0.2 })).toBeUndefined();
  expect(collapseOf({ ...same, teacherEntropy: 0.99 })).toBeUndefined();
  expect(collapseOf({ ...same, targetInformation: null, teacherEntropy: null })).toBeUndefined();
  expect(collapseOf({ ...healthy, pseudoPositive: 0.9995 })).toContain('all images the same');
  expect(() => {
    stopOnCollapse({ ...healthy, pseudoPositive: 0.0001 });
  }).toThrow(expect.objectContaining({ code: 'DISTL.COLLAPSED' }) as Error);
});
