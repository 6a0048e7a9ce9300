/** Conversions between float32 and the 16-bit formats, IEEE 754 binary16 (F16) and bfloat16 (BF16). */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

function bitsOf(value: number): number {
  float[0] = value;
  return bits[0] ?? 0;
}

function fromBits(value: number): number {
  bits[0] = value;
  return float[0] ?? 0;
}

/** Shifts right by `by` (1 to 31) and rounds to nearest, ties to even. */
function shiftRounding(value: number, by: number): number {
  const kept = value >>> by;
  const rest = value & (2 ** by - 1);
  const half = 2 ** (by - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

/** binary16 bits of `value` (taken as float32): nearest, ties to even, overflow to infinity, NaN stays NaN. */
export function float32ToFloat16Bits(value: number): number {
  const word = bitsOf(value);
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00 | ((magnitude >>> 13) & 0x1ff);
  // 65520 is half way from the largest binary16 to the next power of two, and rounds up to infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Normal from 2^-14: move the exponent's bias from 127 to 15. A carry out of the mantissa rightly raises the exponent.
  if (magnitude >= 0x38800000) return sign | shiftRounding(magnitude - 0x38000000, 13);
  const shift = 126 - (magnitude >>> 23);
  return shift > 31 ? sign : sign | shiftRounding((magnitude & 0x7fffff) | 0x800000, shift);
}

/** Value of binary16 `half` (its low 16 bits). */
export function float16BitsToFloat32(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Infinity : NaN;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}

/** bfloat16 bits of `value` (taken as float32): nearest, ties to even, NaN stays NaN. */
export function float32ToBfloat16Bits(value: number): number {
  const word = bitsOf(value);
  if ((word & 0x7fffffff) > 0x7f800000) return (word >>> 16) | 0x40;
  return shiftRounding(word, 16);
}

/** Value of bfloat16 `half` (its low 16 bits). */
export function bfloat16BitsToFloat32(half: number): number {
  return fromBits((half << 16) >>> 0);
}
