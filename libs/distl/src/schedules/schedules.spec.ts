import { pseudoLabelRamp, teacherMomentum, warmupCosine } from './schedules';

describe('schedules of five epochs of ten steps', () => {
  it('learning rate: linear over epoch 0, its end included, then cosine to 1e-6', () => {
    const rate = warmupCosine({ peak: 5e-5, final: 1e-6, totalSteps: 50, warmupSteps: 10 });
    const expected: [number, number][] = [
      [0, 0],
      [1, 5.55556e-6],
      [5, 2.77778e-5],
      [9, 5e-5],
      [10, 5e-5],
      [11, 4.99245e-5],
      [20, 4.28241e-5],
      [30, 2.55e-5],
      [49, 1.07553e-6],
    ];
    for (const [step, value] of expected) expect(rate(step)).toBeCloseTo(value, 10);
  });

  it('teacher momentum: half a cosine from the base to 1', () => {
    const momentum = teacherMomentum(0.9995, 50);
    const expected: [number, number][] = [
      [0, 0.9995],
      [1, 0.99950049],
      [10, 0.99954775],
      [25, 0.99975],
      [49, 0.99999951],
    ];
    for (const [step, value] of expected) expect(momentum(step)).toBeCloseTo(value, 8);
  });

  it('pseudo-label ramp', () => {
    expect([0, 1, 2, 3, 4].map((epoch) => pseudoLabelRamp(epoch, 5))).toEqual([0.4, 0.8, 1.2, 1.6, 2]);
  });

  it.each([
    [0, 0],
    [10, 11],
    [10, -1],
  ])('refuses %i steps with %i of warm-up', (totalSteps, warmupSteps) => {
    expect(() => warmupCosine({ peak: 1, final: 0, totalSteps, warmupSteps })).toThrow(
      expect.objectContaining({ code: 'DISTL.SCHEDULE_INVALID' }) as Error,
    );
  });
});
