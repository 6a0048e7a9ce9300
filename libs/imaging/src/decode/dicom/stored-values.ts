import { type StoredValues } from '../decoded-file';

export interface StoredBits {
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
}

/**
 * Takes the stored value out of each allocated cell: the `bitsStored` bits below `highBit`, sign-extended for signed pixels.
 *
 * The other bits are no part of the value (DICOM PS3.5, 8.1.1): old files keep overlay planes in them, and some writers
 * leave rubbish there.
 *
 * @param cells raw cells; reused for the result where nothing must change
 */
export function storedValues(cells: Uint8Array | Uint16Array, bits: StoredBits): StoredValues {
  const shift = bits.highBit + 1 - bits.bitsStored;
  const unused = bits.bitsAllocated - bits.bitsStored;
  const values = viewAs(
    bits.bitsAllocated === 16 && cells instanceof Uint8Array ? new Uint16Array(cells) : cells,
    bits.signed,
  );
  if (unused === 0) return values;
  // Left to the top of a 32-bit integer, then back: arithmetic shift extends the sign, logical shift fills with zeros.
  const up = 32 - bits.bitsStored - shift;
  const down = 32 - bits.bitsStored;
  for (let index = 0; index < values.length; index += 1) {
    const raised = (values[index] ?? 0) << up;
    values[index] = bits.signed ? raised >> down : raised >>> down;
  }
  return values;
}

function viewAs(cells: Uint8Array | Uint16Array, signed: boolean): StoredValues {
  if (!signed) return cells;
  const { buffer, byteOffset, length } = cells;
  return cells instanceof Uint8Array
    ? new Int8Array(buffer, byteOffset, length)
    : new Int16Array(buffer, byteOffset, length);
}
