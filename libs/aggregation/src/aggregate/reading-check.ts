import { type SiteId } from '@fedistl/core';
import { toHex } from '@fedistl/crypto';
import { type NormBound } from '@fedistl/protocol';
import { type UpdateRefusal } from '../update/check-manifest';
import { type SiteReading } from './pass';

export interface RefusedUpdate {
  readonly siteId: SiteId;
  readonly code: UpdateRefusal;
  readonly message: string;
}

/**
 * Holds what a pass read of an update against what the site signed and the plan allows. float64 holds the square of every
 * finite float32 and the sum of 2^31 of them, so the norm is finite exactly when all values are.
 *
 * @returns one refusal, or none
 */
export function checkReading(
  { siteId, blobHash }: { readonly siteId: SiteId; readonly blobHash: string },
  reading: SiteReading | undefined,
  normBound: NormBound | null,
): RefusedUpdate[] {
  const norm = Math.sqrt(reading?.squaredNorm ?? 0);
  const read = reading === undefined ? 'nothing' : toHex(reading.digest);
  const refuse = (code: UpdateRefusal, message: string): RefusedUpdate[] => [{ siteId, code, message }];
  if (read !== blobHash) {
    return refuse('UPDATE.HASH_MISMATCH', `expected blob ${blobHash} from ${siteId}, got ${read}`);
  }
  if (!Number.isFinite(norm)) {
    return refuse('UPDATE.NOT_FINITE', `expected finite values from ${siteId}, got NaN or infinity`);
  }
  if (norm === 0) return refuse('UPDATE.ZERO', `expected a change from ${siteId}, got all zeros`);
  if (normBound?.action === 'refuse' && norm > normBound.limit) {
    return refuse('UPDATE.NORM_TOO_LARGE', `expected a norm of at most ${normBound.limit} from ${siteId}, got ${norm}`);
  }
  return [];
}
