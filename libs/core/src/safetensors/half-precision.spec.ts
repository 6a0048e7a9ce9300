import fc from 'fast-check';
import {
  bfloat16BitsToFloat32,
  float16BitsToFloat32,
  float32ToBfloat16Bits,
  float32ToFloat16Bits,
} from './half-precision';
import { toFloat32 } from './tensor';

describe('half precision', () => {
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65519.996, 0x7bff],
    [65520, 0x7c00],
    [1e10, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000], // tie to even
    [2 ** -25 * 1.0001, 0x0001],
    [2 ** -14 * (1 - 2 ** -11), 0x0400], // rounds up out of the subnormals
    [1 + 2 ** -11, 0x3c00], // tie to even, down
    [1 + 3 * 2 ** -11, 0x3c02], // tie to even, up
    [1 / 3, 0x3555],
  ])('binary16 of %d', (value, bits) => {
    expect(float32ToFloat16Bits(value)).toBe(bits);
  });

  it('keeps every one of the 65,536 values of both formats', () => {
    for (let bits = 0; bits < 65536; bits++) {
      const half = float16BitsToFloat32(bits);
      const brain = bfloat16BitsToFloat32(bits);
      if (Number.isNaN(half)) expect(float16BitsToFloat32(float32ToFloat16Bits(half))).toBeNaN();
      else if (float32ToFloat16Bits(half) !== bits) expect(float32ToFloat16Bits(half)).toBe(bits);
      if (Number.isNaN(brain)) expect(bfloat16BitsToFloat32(float32ToBfloat16Bits(brain))).toBeNaN();
      else if (float32ToBfloat16Bits(brain) !== bits) expect(float32ToBfloat16Bits(brain)).toBe(bits);
    }
  });

  it('rounds to the nearest neighbour', () => {
    const check = (
      value: number,
      toBits: (x: number) => number,
      fromBits: (bits: number) => number,
      largest: number,
    ): void => {
      const rounded = fromBits(toBits(value));
      if (Math.abs(value) > largest) return;
      for (const step of [-1, 1]) {
        const neighbour = fromBits((toBits(value) + step) & 0xffff);
        if (Number.isFinite(neighbour)) {
          expect(Math.abs(rounded - value)).toBeLessThanOrEqual(Math.abs(neighbour - value));
        }
      }
    };
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        check(value, float32ToFloat16Bits, float16BitsToFloat32, 65504);
        check(value, float32ToBfloat16Bits, bfloat16BitsToFloat32, 3.3895313892515355e38);
      }),
      { numRuns: 2000 },
    );
  });

  it('turns any tensor into float32', () => {
    const tensor = { name: 't', shape: [2] };
    const shared = Float32Array.of(1, 2);
    expect(toFloat32({ ...tensor, dtype: 'F32', data: shared })).toBe(shared);
    expect([...toFloat32({ ...tensor, dtype: 'F16', data: Uint16Array.of(0x3c00, 0xc000) })]).toEqual([1, -2]);
    expect([...toFloat32({ ...tensor, dtype: 'BF16', data: Uint16Array.of(0x3f80, 0xc000) })]).toEqual([1, -2]);
    expect([...toFloat32({ ...tensor, dtype: 'I64', data: BigInt64Array.of(-3n, 5n) })]).toEqual([-3, 5]);
    expect([...toFloat32({ ...tensor, dtype: 'U8', data: Uint8Array.of(7, 255) })]).toEqual([7, 255]);
    expect([...toFloat32({ ...tensor, dtype: 'F64', data: Float64Array.of(0.1, 1e40) })]).toEqual([
      Math.fround(0.1),
      Infinity,
    ]);
  });
});
