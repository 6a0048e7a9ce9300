import { normalQuantile } from './normal-quantile';
import { atBlock, philoxBlocks, type PhiloxStream } from './philox';
import { parseRngState, type RngState } from './rng-state';
import { RngError } from './rng.errors';
import { childStream, rootStream } from './stream-key';

const TWO_POW_32 = 2 ** 32;
/** Words computed ahead (a multiple of 4): large enough to amortise the call, small enough to make streams cheap. */
const AHEAD = 64;

/**
 * A seeded stream of random numbers (Philox4x32-10). The same seed and stream name give the same numbers on every
 * platform, forever. For simulation, training and sampling; keys and nonces come from a CSPRNG, never from here.
 */
export class Rng {
  readonly #identity: PhiloxStream;
  readonly #ahead = new Uint32Array(AHEAD);
  /** Index in the stream of `#ahead`'s first word: word i of a stream is word i mod 4 of block floor(i / 4). */
  #base = 0;
  /** Index in `#ahead` of the next word to hand out. */
  #next = 0;
  /** How many words of `#ahead` have been computed: none or all. */
  #ready = 0;

  /** Use `createRng` or `restoreRng`. */
  constructor(identity: PhiloxStream, drawn = 0) {
    this.#identity = identity;
    this.#seek(drawn);
  }

  /** The independent stream called `name` below this one; depends on names and seed alone, never on what was drawn. */
  stream(name: string): Rng {
    return new Rng(childStream(this.#identity, name));
  }

  /** Uniform over 0 .. 2^32 - 1. */
  nextUint32(): number {
    if (this.#next >= this.#ready) this.#compute();
    return this.#ahead[this.#next++] ?? 0;
  }

  /** Uniform over [min, max) with 53 random bits (two words). `min === max` gives `min`. */
  uniform(min = 0, max = 1): number {
    if (!Number.isFinite(min) || !Number.isFinite(max - min) || max < min) {
      throw new RngError('RNG.BAD_RANGE', `expected finite bounds min <= max, got ${min} and ${max}`);
    }
    const unit = ((this.nextUint32() >>> 5) * 2 ** 26 + (this.nextUint32() >>> 6)) / 2 ** 53;
    const value = min + (max - min) * unit;
    // Rounding can reach max; the bound is excluded.
    return value < max ? value : min;
  }

  /**
   * Normal deviate by inversion: normalQuantile((k + 1/2) / 2^52) with k uniform over 52 bits (two words). One deviate
   * per call, nothing cached, range about +-8.2 standard deviations.
   */
  normal(mean = 0, std = 1): number {
    if (!Number.isFinite(mean) || !Number.isFinite(std) || std < 0) {
      throw new RngError(
        'RNG.BAD_RANGE',
        `expected a finite mean and a standard deviation >= 0, got ${mean} and ${std}`,
      );
    }
    const k = (this.nextUint32() >>> 6) * 2 ** 26 + (this.nextUint32() >>> 6);
    return mean + std * normalQuantile((k + 0.5) / 2 ** 52);
  }

  /** Uniform over the integers 0 .. n - 1, unbiased by rejection; 1 <= n <= 2^32. */
  int(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > TWO_POW_32) {
      throw new RngError('RNG.BAD_RANGE', `expected an integer between 1 and 2^32, got ${n}`);
    }
    const limit = TWO_POW_32 - (TWO_POW_32 % n);
    let word = this.nextUint32();
    while (word >= limit) word = this.nextUint32();
    return word % n;
  }

  /** True with probability `p`. */
  bernoulli(p: number): boolean {
    if (!(p >= 0 && p <= 1)) throw new RngError('RNG.BAD_PROBABILITY', `expected a probability in [0, 1], got ${p}`);
    return this.uniform() < p;
  }

  /** Shuffles `array` in place (Durstenfeld's Fisher-Yates) and returns it. */
  shuffle<T extends unknown[] | Uint32Array | Int32Array | Float32Array | Float64Array | Uint8Array>(array: T): T {
    const items = array as unknown[];
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = items[i];
      items[i] = items[j];
      items[j] = held;
    }
    return array;
  }

  /** A uniformly random order of 0 .. n - 1. */
  permutation(n: number): Uint32Array {
    if (!Number.isInteger(n) || n < 0 || n > TWO_POW_32 - 1) {
      throw new RngError('RNG.BAD_RANGE', `expected an integer between 0 and 2^32 - 1, got ${n}`);
    }
    return this.shuffle(Uint32Array.from({ length: n }, (_, i) => i));
  }

  /** Fills `out` with what as many `nextUint32` calls would give, several times faster, and returns it. */
  fillUint32(out: Uint32Array): Uint32Array {
    let at = 0;
    while (at < out.length && this.#next % 4 !== 0) out[at++] = this.nextUint32();
    const whole = (out.length - at) & ~3;
    if (whole > 0) {
      const drawn = this.#base + this.#next;
      philoxBlocks(atBlock(this.#identity, drawn / 4), out.subarray(at, at + whole));
      this.#seek(drawn + whole);
      at += whole;
    }
    while (at < out.length) out[at++] = this.nextUint32();
    return out;
  }

  /** Fills `out` uniformly over [0, 1) with 24 random bits (one word) a value, and returns it. */
  fillUniform(out: Float32Array): Float32Array {
    const words = this.fillUint32(new Uint32Array(out.buffer, out.byteOffset, out.length));
    for (let i = 0; i < out.length; i++) out[i] = ((words[i] ?? 0) >>> 8) * 2 ** -24;
    return out;
  }

  /** Fills `out` with what as many `normal` calls would give, and returns it. */
  fillNormal<T extends Float32Array | Float64Array>(out: T, mean = 0, std = 1): T {
    for (let i = 0; i < out.length; i++) out[i] = this.normal(mean, std);
    return out;
  }

  /** The position, to be stored as JSON; `restoreRng` continues with the very next number. */
  state(): RngState {
    const { key0, key1, counter2, counter3 } = this.#identity;
    return { algorithm: 'philox4x32-10', stream: [key0, key1, counter2, counter3], drawn: this.#base + this.#next };
  }

  #seek(drawn: number): void {
    const base = drawn - (drawn % AHEAD);
    if (base !== this.#base) this.#ready = 0;
    this.#base = base;
    this.#next = drawn - base;
  }

  #compute(): void {
    if (this.#next === AHEAD) this.#seek(this.#base + AHEAD);
    philoxBlocks(atBlock(this.#identity, this.#base / 4), this.#ahead);
    this.#ready = AHEAD;
  }
}

/**
 * The root stream of `seed`: a safe integer or any text (`7` and `"7"` are different seeds).
 *
 * @throws RngError `RNG.BAD_SEED`.
 */
export function createRng(seed: number | string): Rng {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw new RngError('RNG.BAD_SEED', `expected a safe integer or a text as seed, got ${seed}`);
  }
  return new Rng(rootStream(seed));
}

/** Continues a stream from `Rng.state()`. @throws RngError `RNG.BAD_STATE`. */
export function restoreRng(state: unknown): Rng {
  const { stream, drawn } = parseRngState(state);
  const [key0, key1, counter2, counter3] = stream;
  return new Rng({ key0, key1, counter2, counter3 }, drawn);
}
