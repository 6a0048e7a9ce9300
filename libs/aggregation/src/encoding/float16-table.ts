import { float16BitsToFloat32 } from '@fedistl/core';

let table: Float32Array | undefined;

/** Value of each of the 65 536 binary16 bit patterns; made once, 256 KiB. */
export function float16Table(): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, bits) => float16BitsToFloat32(bits));
  return table;
}
