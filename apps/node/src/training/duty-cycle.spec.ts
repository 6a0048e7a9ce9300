import { type Clock, dutyCycle } from './duty-cycle';

/** A clock that goes on by work and by rests alone; `late` is how much longer each rest takes than asked for. */
function testClock(late = 0): Clock & { work: (milliseconds: number) => void; rested: () => number } {
  let now = 0;
  let rested = 0;
  return {
    now: () => now,
    sleep: (milliseconds) => {
      now += milliseconds + late;
      rested += milliseconds + late;
      return Promise.resolve();
    },
    work: (milliseconds) => {
      now += milliseconds;
    },
    rested: () => rested,
  };
}

const { signal } = new AbortController();

it.each([
  [1, 100, 0],
  [0.5, 100, 0],
  [0.25, 100, 7],
  [0.9, 3, 1],
])('share %d: steps of %d ms, timers late by %d ms', async (share, step, late) => {
  const clock = testClock(late);
  const rest = dutyCycle(share, signal, clock);
  const steps = 400;
  for (let i = 0; i < steps; i++) {
    clock.work(step);
    await rest();
  }
  const worked = steps * step;
  const tolerance = 100 / worked;
  expect(Math.abs(worked / (worked + clock.rested()) - share)).toBeLessThan(tolerance);
});

it('makes up for a late timer, but not for a machine that slept', async () => {
  const clock = testClock(3_600_000);
  const rest = dutyCycle(0.5, signal, clock);
  for (let i = 0; i < 3; i++) {
    clock.work(100);
    await rest();
  }
  // Each step was followed by a rest, the hour before it notwithstanding.
  expect(clock.rested()).toBeGreaterThan(3 * 3_600_000);
});

it('does not rest when the work was told to stop', async () => {
  const stop = new AbortController();
  const clock = testClock();
  const rest = dutyCycle(0.1, stop.signal, clock);
  stop.abort();
  clock.work(1000);
  await rest();
  expect(clock.rested()).toBe(0);
});
