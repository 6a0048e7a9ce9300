import { Throttle } from './throttle';

describe('Throttle', () => {
  it('books each portion, so that the average keeps to the rate whatever the portions', async () => {
    let now = 0;
    const waits: number[] = [];
    const wait = (ms: number): Promise<void> => {
      waits.push(ms);
      now += ms;
      return Promise.resolve();
    };
    const throttle = new Throttle(1000, () => now, wait);
    await throttle.take(500);
    await throttle.take(250);
    expect(now).toBe(750);
    // Time that nobody used is not saved up for a burst.
    now = 10_000;
    await throttle.take(1000);
    expect(now).toBe(11_000);
    expect(waits).toEqual([500, 250, 1000]);
  });

  it('does not wait without a limit', async () => {
    const throttle = new Throttle(
      null,
      () => 0,
      () => Promise.reject(new Error('expected no wait')),
    );
    await expect(throttle.take(1e9)).resolves.toBeUndefined();
  });
});
