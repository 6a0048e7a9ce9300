import { DomainError } from '@fedistl/core';

/** Too many requests. */
export class RateError extends DomainError {
  constructor(readonly retryAfterSeconds: number) {
    super('RATE.LIMITED', `expected fewer requests, try again in ${retryAfterSeconds} s`, {
      details: { retryAfterSeconds },
    });
  }
}

interface Bucket {
  tokens: number;
  at: number;
}

/** More keys than any federation has; past it, buckets that are full again are dropped. */
const maximumKeys = 20_000;

/** A token bucket for each key: `perMinute` at once, refilled evenly over a minute. */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  /** @param now clock in milliseconds */
  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws RateError `RATE.LIMITED` when the key has used up its share */
  take(key: string): void {
    const now = this.now();
    const bucket = this.buckets.get(key) ?? { tokens: this.perMinute, at: now };
    bucket.tokens = this.filled(bucket, now);
    bucket.at = now;
    if (this.buckets.size >= maximumKeys && !this.buckets.has(key)) this.dropFull(now);
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) throw new RateError(this.secondsUntilOne(bucket));
    bucket.tokens -= 1;
  }

  /** Rounded up, but for the last digits of a floating-point division. */
  private secondsUntilOne(bucket: Bucket): number {
    return Math.max(1, Math.ceil(((1 - bucket.tokens) * 60) / this.perMinute - 1e-6));
  }

  private filled(bucket: Bucket, now: number): number {
    return Math.min(this.perMinute, bucket.tokens + ((now - bucket.at) / 60_000) * this.perMinute);
  }

  private dropFull(now: number): void {
    for (const [key, bucket] of this.buckets) {
      if (this.filled(bucket, now) >= this.perMinute) this.buckets.delete(key);
    }
    // Nothing was full: under a flood of addresses, forget the oldest rather than grow.
    const oldest = this.buckets.keys().next();
    if (this.buckets.size >= maximumKeys && oldest.done !== true) this.buckets.delete(oldest.value);
  }
}
