import { RngError } from './rng.errors';

/** A stream frozen at a position, as plain JSON. Word values are unsigned 32-bit integers. */
export interface RngState {
  readonly algorithm: 'philox4x32-10';
  /** key0, key1, counter2, counter3: which stream. */
  readonly stream: readonly [number, number, number, number];
  /** How many 32-bit words have been drawn. */
  readonly drawn: number;
}

const isWord = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffffffff;

/** @throws RngError `RNG.BAD_STATE` when `value` is not what `Rng.state()` returns. */
export function parseRngState(value: unknown): RngState {
  const { algorithm, stream, drawn } = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<keyof RngState, unknown>
  >;
  if (algorithm !== 'philox4x32-10') {
    throw new RngError(
      'RNG.BAD_STATE',
      `expected a state of algorithm philox4x32-10, got ${JSON.stringify(algorithm)}`,
    );
  }
  if (!Array.isArray(stream) || stream.length !== 4 || !stream.every(isWord)) {
    throw new RngError('RNG.BAD_STATE', 'expected "stream" to hold four unsigned 32-bit integers');
  }
  if (typeof drawn !== 'number' || !Number.isSafeInteger(drawn) || drawn < 0) {
    throw new RngError('RNG.BAD_STATE', 'expected "drawn" to be a non-negative safe integer');
  }
  const [key0 = 0, key1 = 0, counter2 = 0, counter3 = 0] = stream;
  return { algorithm, stream: [key0, key1, counter2, counter3], drawn };
}
