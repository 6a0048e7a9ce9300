import { DecodeError } from '../decode.errors';
import { type ExpectedFrame } from './codec';

export interface CodestreamGeometry {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly precision: number;
}

/**
 * Compares a codestream's own header with the data set before the codec runs. A codec allocates by its header, so this
 * is what keeps a hostile one from asking for more than the limits allow.
 *
 * @throws DecodeError IMAGING.CODESTREAM with both geometries
 */
export function checkGeometry(found: CodestreamGeometry, expected: ExpectedFrame): void {
  const same =
    found.rows === expected.rows &&
    found.columns === expected.columns &&
    found.samplesPerPixel === expected.samplesPerPixel &&
    found.precision >= 1 &&
    found.precision <= expected.bitsAllocated;
  if (same) return;
  throw new DecodeError(
    'IMAGING.CODESTREAM',
    `expected a codestream of ${expected.columns} x ${expected.rows} x ${expected.samplesPerPixel}, at most ` +
      `${expected.bitsAllocated} bits, got ${found.columns} x ${found.rows} x ${found.samplesPerPixel}, ${found.precision} bits`,
  );
}
