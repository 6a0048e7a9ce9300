import { float32ToBfloat16Bits, float32ToFloat16Bits } from '@fedistl/core';
import { type TransferEncoding } from '@fedistl/protocol';
import { encodedLength, scaleBytes } from './encoding-size';

/** Largest magnitude of an int8 value; -128 is not used, so that the range is symmetric. */
const int8Limit = 127;

/**
 * Flat values in a transfer encoding, little-endian. Rounding is to nearest, ties to even (int8: ties away from the
 * smaller); float16 overflows to infinity above 65 504, which the receiver refuses as not finite.
 */
export function encodeValues(values: Float32Array, encoding: TransferEncoding): Uint8Array {
  const bytes = new Uint8Array(encodedLength(encoding, values.length));
  switch (encoding.name) {
    case 'float32':
      bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      break;
    case 'float16':
      encodeHalf(values, bytes, float32ToFloat16Bits);
      break;
    case 'bfloat16':
      encodeHalf(values, bytes, float32ToBfloat16Bits);
      break;
    case 'int8-block':
      encodeInt8(values, bytes, encoding.blockLength);
      break;
  }
  return bytes;
}

function encodeHalf(values: Float32Array, bytes: Uint8Array, bitsOf: (value: number) => number): void {
  const halves = new Uint16Array(bytes.buffer);
  for (let i = 0; i < values.length; i++) halves[i] = bitsOf(values[i] ?? 0);
}

/** Per block: float32 scale = max |x| / 127, then round(x / scale) as int8; the last block is padded with zeros. */
function encodeInt8(values: Float32Array, bytes: Uint8Array, blockLength: number): void {
  const view = new DataView(bytes.buffer);
  for (let start = 0, at = 0; start < values.length; start += blockLength, at += scaleBytes + blockLength) {
    const block = values.subarray(start, start + blockLength);
    let peak = 0;
    for (const value of block) peak = Math.max(peak, Math.abs(value));
    const scale = Math.fround(peak / int8Limit);
    view.setFloat32(at, scale, true);
    if (scale === 0) continue;
    for (let i = 0; i < block.length; i++) {
      const steps = Math.round((block[i] ?? 0) / scale);
      view.setInt8(at + scaleBytes + i, Math.max(-int8Limit, Math.min(int8Limit, steps)));
    }
  }
}
