import { UpdateError } from '../aggregation.errors';
import { type UpdateBlobLayout } from './update-blob';
import { type UpdateSource } from './update-source';

/**
 * The centre's mean that a blob carries, or null.
 *
 * @throws UpdateError `UPDATE.LENGTH_MISMATCH` when the blob has become shorter, `UPDATE.NOT_FINITE` for NaN or infinity:
 *   the norm that a pass takes does not cover the centre
 */
export async function readCentre(source: UpdateSource, layout: UpdateBlobLayout): Promise<Float32Array | null> {
  if (layout.centreLength === 0) return null;
  const length = 4 * layout.centreLength;
  const bytes = await source.read(layout.centreOffset, length);
  if (bytes.length !== length) {
    const message = `expected ${length} bytes of centre from ${source.siteId}, got ${bytes.length}`;
    throw new UpdateError('UPDATE.LENGTH_MISMATCH', message);
  }
  const centre = new Float32Array(Uint8Array.from(bytes).buffer);
  if (centre.every(Number.isFinite)) return centre;
  throw new UpdateError('UPDATE.NOT_FINITE', `expected a finite centre from ${source.siteId}, got NaN or infinity`);
}
