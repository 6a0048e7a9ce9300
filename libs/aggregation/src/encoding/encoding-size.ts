import { type TransferEncoding } from '@fedistl/protocol';
import { AggregationError } from '../aggregation.errors';

/** Bytes of an int8 block's float32 scale. */
export const scaleBytes = 4;

/** Bytes that `count` values take in an encoding, without the safetensors header. Exact; docs/aggregation.md tabulates it. */
export function encodedLength(encoding: TransferEncoding, count: number): number {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new AggregationError('AGGREGATION.BAD_SIZE', `expected a whole number of values from 1, got ${count}`);
  }
  switch (encoding.name) {
    case 'float32':
      return 4 * count;
    case 'float16':
    case 'bfloat16':
      return 2 * count;
    case 'int8-block':
      return Math.ceil(count / encoding.blockLength) * (scaleBytes + encoding.blockLength);
  }
}
