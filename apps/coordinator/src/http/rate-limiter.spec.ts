import { RateError, RateLimiter } from './rate-limiter';

describe('RateLimiter', () => {
  const setUp = (perMinute: number) => {
    let time = 0;
    const limiter = new RateLimiter(perMinute, () => time);
    const allowed = (key: string) => {
      try {
        limiter.take(key);
        return true;
      } catch (error) {
        if (error instanceof RateError) return error.retryAfterSeconds;
        throw error;
      }
    };
    return { allowed, wait: (ms: number) => (time += ms) };
  };

  it('lets a minute of requests through at once, then as many as the minute refills', () => {
    const { allowed, wait } = setUp(3);
    expect([1, 2, 3].map(() => allowed('a'))).toEqual([true, true, true]);
    expect(allowed('a')).toBe(20);
    wait(19_000);
    expect(allowed('a')).toBe(1);
    wait(1000);
    expect(allowed('a')).toBe(true);
    expect(allowed('a')).toBe(20);
  });

  it('counts each key by itself, and a long pause gives no more than a minute', () => {
    const { allowed, wait } = setUp(1);
    expect(allowed('a')).toBe(true);
    expect(allowed('b')).toBe(true);
    wait(3_600_000);
    expect(allowed('a')).toBe(true);
    expect(allowed('a')).not.toBe(true);
  });

  it('stays bounded when every request has another key', () => {
    const { allowed } = setUp(1);
    for (let i = 0; i < 20_100; i++) allowed(`address ${i}`);
    expect(allowed('address 0')).toBe(true);
  });
});
