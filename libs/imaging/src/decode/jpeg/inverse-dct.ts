/*
 * The "slow, accurate" integer inverse DCT of Loeffler, Ligtenberg and Moschytz (ICASSP 1989, pp. 988-991) with 13-bit
 * constants, as in the Independent JPEG Group's reference decoder. T.81 leaves the rounding of the inverse DCT open; this
 * is the one that dcmtk, gdcm and libjpeg-turbo use, so stored values agree with theirs bit for bit.
 */
const CONST_BITS = 13;
const FIX_0_298631336 = 2446;
const FIX_0_390180644 = 3196;
const FIX_0_541196100 = 4433;
const FIX_0_765366865 = 6270;
const FIX_0_899976223 = 7373;
const FIX_1_175875602 = 9633;
const FIX_1_501321110 = 12299;
const FIX_1_847759065 = 15137;
const FIX_1_961570560 = 16069;
const FIX_2_053119869 = 16819;
const FIX_2_562915447 = 20995;
const FIX_3_072711026 = 25172;

const workspace = new Int32Array(64);

/** One 8-point transform over `data[start + k * stride]`, in place; each result is rounded off by `shift` bits. */
function transform(data: Int32Array, start: number, stride: number, shift: number): void {
  const at = (index: number): number => start + index * stride;
  const x2 = data[at(2)] ?? 0;
  const x6 = data[at(6)] ?? 0;
  const z1 = Math.imul(x2 + x6, FIX_0_541196100);
  const even2 = z1 - Math.imul(x6, FIX_1_847759065);
  const even3 = z1 + Math.imul(x2, FIX_0_765366865);
  const x0 = data[at(0)] ?? 0;
  const x4 = data[at(4)] ?? 0;
  const even0 = (x0 + x4) << CONST_BITS;
  const even1 = (x0 - x4) << CONST_BITS;
  const a0 = even0 + even3;
  const a3 = even0 - even3;
  const a1 = even1 + even2;
  const a2 = even1 - even2;

  const x7 = data[at(7)] ?? 0;
  const x5 = data[at(5)] ?? 0;
  const x3 = data[at(3)] ?? 0;
  const x1 = data[at(1)] ?? 0;
  const z5 = Math.imul(x7 + x3 + x5 + x1, FIX_1_175875602);
  const s1 = Math.imul(x7 + x1, -FIX_0_899976223);
  const s2 = Math.imul(x5 + x3, -FIX_2_562915447);
  const s3 = Math.imul(x7 + x3, -FIX_1_961570560) + z5;
  const s4 = Math.imul(x5 + x1, -FIX_0_390180644) + z5;
  const b0 = Math.imul(x7, FIX_0_298631336) + s1 + s3;
  const b1 = Math.imul(x5, FIX_2_053119869) + s2 + s4;
  const b2 = Math.imul(x3, FIX_3_072711026) + s2 + s3;
  const b3 = Math.imul(x1, FIX_1_501321110) + s1 + s4;

  const round = 1 << (shift - 1);
  data[at(0)] = (a0 + b3 + round) >> shift;
  data[at(7)] = (a0 - b3 + round) >> shift;
  data[at(1)] = (a1 + b2 + round) >> shift;
  data[at(6)] = (a1 - b2 + round) >> shift;
  data[at(2)] = (a2 + b1 + round) >> shift;
  data[at(5)] = (a2 - b1 + round) >> shift;
  data[at(3)] = (a3 + b0 + round) >> shift;
  data[at(4)] = (a3 - b0 + round) >> shift;
}

export interface BlockTarget {
  readonly samples: Uint8Array | Uint16Array;
  /** Index of the block's first sample, and samples from one row to the next. */
  readonly offset: number;
  readonly stride: number;
  readonly precision: number;
}

/**
 * Dequantises one block and writes its 8 x 8 samples, level-shifted and clamped to [0, 2^precision - 1].
 *
 * @param coefficients all coefficients, in natural (row-major) order; the block's 64 start at `start`
 * @param quantisation 64 steps in natural order
 */
export function inverseDct(
  coefficients: Int16Array,
  start: number,
  quantisation: Uint16Array,
  target: BlockTarget,
): void {
  const { samples, offset, stride, precision } = target;
  // The reference decoder keeps one fractional bit less between the passes for 12-bit samples, to stay within 32 bits.
  const passBits = precision > 8 ? 1 : 2;
  for (let index = 0; index < 64; index += 1) {
    workspace[index] = Math.imul(coefficients[start + index] ?? 0, quantisation[index] ?? 0);
  }
  for (let column = 0; column < 8; column += 1) transform(workspace, column, 8, CONST_BITS - passBits);
  for (let row = 0; row < 8; row += 1) transform(workspace, 8 * row, 1, CONST_BITS + passBits + 3);
  const largest = (1 << precision) - 1;
  const middle = 1 << (precision - 1);
  for (let index = 0; index < 64; index += 1) {
    const value = (workspace[index] ?? 0) + middle;
    samples[offset + (index >> 3) * stride + (index & 7)] = value < 0 ? 0 : value > largest ? largest : value;
  }
}
