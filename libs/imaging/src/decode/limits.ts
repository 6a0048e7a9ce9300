import { type DecodeLimits } from './decoded-file';
import { DecodeError } from './decode.errors';

const MEBIBYTE = 1 << 20;

/**
 * A 43 cm x 43 cm detector at 100 um gives 4300 x 4300 x 16 bit = 35 MiB, so these leave a wide margin for radiographs
 * and still bound what one hostile file can make a worker allocate.
 */
export const DEFAULT_DECODE_LIMITS: DecodeLimits = {
  maxFileBytes: 512 * MEBIBYTE,
  maxPixelBytes: 256 * MEBIBYTE,
  maxInflatedBytes: 384 * MEBIBYTE,
};

/** Fills in the defaults. @throws DecodeError IMAGING.OPTIONS when a limit is not a positive integer. */
export function resolveLimits(limits: Partial<DecodeLimits> = {}): DecodeLimits {
  const resolved = { ...DEFAULT_DECODE_LIMITS, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (!Number.isSafeInteger(value) || value <= 0) {
      throw new DecodeError('IMAGING.OPTIONS', `expected limit ${name} to be a positive integer, got ${value}`);
    }
  }
  return resolved;
}
