import { type TransferEncoding } from '@fedistl/protocol';
import { AggregationError } from '../aggregation.errors';
import { createValueDecoder } from './decode-values';
import { encodeValues } from './encode-values';

export interface FeedbackEncoded {
  readonly bytes: Uint8Array;
  /** What rounding lost, to be added to the next update: (values + residual) - decoded. */
  readonly residual: Float32Array;
}

/**
 * Encodes values plus what earlier rounding lost (error feedback: Seide et al. 2014; Karimireddy et al., arXiv
 * 1901.09847). Over rounds the sum of what was received stays within one rounding error of the sum of what was sent. The
 * site keeps the residual; it is as private as the update.
 *
 * @param residual of the round before, or null at first
 * @throws AggregationError `AGGREGATION.BAD_SIZE` when the lengths differ
 */
export function encodeWithFeedback(
  values: Float32Array,
  encoding: TransferEncoding,
  residual: Float32Array | null,
): FeedbackEncoded {
  if (residual !== null && residual.length !== values.length) {
    throw new AggregationError(
      'AGGREGATION.BAD_SIZE',
      `expected a residual of ${values.length} values, got ${residual.length}`,
    );
  }
  const wanted = Float32Array.from(values, (value, i) => value + (residual?.[i] ?? 0));
  const bytes = encodeValues(wanted, encoding);
  const decoded = new Float32Array(values.length);
  createValueDecoder(encoding).decode(bytes, values.length, decoded);
  for (let i = 0; i < wanted.length; i++) wanted[i] = (wanted[i] ?? 0) - (decoded[i] ?? 0);
  return { bytes, residual: wanted };
}
