import { createRng } from '@fedistl/core';
import { type TransferEncoding } from '@fedistl/protocol';
import fc from 'fast-check';
import { createValueDecoder } from './decode-values';
import { encodeValues } from './encode-values';
import { encodedLength } from './encoding-size';
import { encodeWithFeedback } from './error-feedback';

const int8 = (blockLength: 64 | 256): TransferEncoding => ({ name: 'int8-block', blockLength, errorFeedback: true });

function decode(
  bytes: Uint8Array,
  encoding: TransferEncoding,
  count: number,
  pieces: readonly number[] = [count],
): Float32Array {
  const decoder = createValueDecoder(encoding);
  const out = new Float32Array(count);
  let [at, done] = [0, 0];
  for (const piece of pieces) {
    const length = decoder.bytesFor(piece);
    decoder.decode(bytes.subarray(at, at + length), piece, out.subarray(done, done + piece));
    at += length;
    done += piece;
  }
  expect([at, done]).toEqual([bytes.length, count]);
  return out;
}

/** Updates as they are: zero mean, small, with a few large values. */
function typicalValues(count: number): Float32Array {
  const rng = createRng('encodings');
  return Float32Array.from({ length: count }, (_, i) => rng.normal(0, i % 97 === 0 ? 0.1 : 0.001));
}

describe('transfer encodings', () => {
  // The sizes of docs/aggregation.md for ViT-S/8 without the DINO head: 21,834,881 values.
  it.each<[TransferEncoding, number]>([
    [{ name: 'float32' }, 87_339_524],
    [{ name: 'float16' }, 43_669_762],
    [{ name: 'bfloat16' }, 43_669_762],
    [int8(64), 23_199_628],
    [int8(256), 22_176_180],
  ])('%j takes exactly the bytes that the page says', (encoding, bytes) => {
    expect(encodedLength(encoding, 21_834_881)).toBe(bytes);
  });

  it('float32 keeps every bit', () => {
    const values = typicalValues(1000);
    expect(decode(encodeValues(values, { name: 'float32' }), { name: 'float32' }, 1000)).toEqual(values);
  });

  it('float16 is within 2^-11 of the value, or 2^-25 below the smallest normal', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -60_000, max: 60_000, noNaN: true }), { minLength: 1 }), (list) => {
        const values = Float32Array.from(list);
        const got = decode(encodeValues(values, { name: 'float16' }), { name: 'float16' }, values.length);
        values.forEach((value, i) => {
          expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 2 ** -11, 2 ** -25));
        });
      }),
    );
  });

  it('bfloat16 is within 2^-8 of the value', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -(2 ** 100), max: 2 ** 100, noNaN: true }), { minLength: 1 }), (list) => {
        const values = Float32Array.from(list).map((value) => (Math.abs(value) < 1e-37 ? 0 : value));
        const got = decode(encodeValues(values, { name: 'bfloat16' }), { name: 'bfloat16' }, values.length);
        values.forEach((value, i) => {
          expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -8);
        });
      }),
    );
  });

  it('int8 is within half a step of the value: 1/254 of the largest magnitude in its block', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 300 }),
        (list) => {
          const values = Float32Array.from(list).map((value) => (Math.abs(value) < 1e-30 ? 0 : value));
          const got = decode(encodeValues(values, int8(64)), int8(64), values.length);
          values.forEach((value, i) => {
            const block = values.subarray(64 * Math.floor(i / 64), 64 * Math.floor(i / 64) + 64);
            const peak = block.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
            expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual((peak / 254) * 1.00001);
          });
        },
      ),
    );
  });

  it.each<TransferEncoding>([{ name: 'float16' }, { name: 'bfloat16' }, int8(64), int8(256)])(
    '%j reads the same in pieces of any size',
    (encoding) => {
      const values = typicalValues(1000);
      const bytes = encodeValues(values, encoding);
      const whole = decode(bytes, encoding, 1000);
      for (const pieces of [[1, 63, 64, 65, 256, 551], Array<number>(1000).fill(1), [999, 1]]) {
        expect(decode(bytes, encoding, 1000, pieces)).toEqual(whole);
      }
    },
  );

  it('refuses to size nothing', () => {
    expect(() => encodedLength({ name: 'float32' }, 0)).toThrow(
      expect.objectContaining({ code: 'AGGREGATION.BAD_SIZE' }) as Error,
    );
  });
});

describe('error feedback', () => {
  it('keeps the sum of what arrives within one rounding of the sum of what was sent', () => {
    const rounds = 30;
    const values = typicalValues(512);
    const [sent, received, withoutFeedback] = [new Float64Array(512), new Float64Array(512), new Float64Array(512)];
    let residual: Float32Array | null = null;
    let largest = 0;
    for (let round = 0; round < rounds; round++) {
      const encoded = encodeWithFeedback(values, int8(256), residual);
      residual = encoded.residual;
      const arrived = decode(encoded.bytes, int8(256), 512);
      const plain = decode(encodeValues(values, int8(256)), int8(256), 512);
      for (let i = 0; i < 512; i++) {
        sent[i]! += values[i]!;
        received[i]! += arrived[i]!;
        withoutFeedback[i]! += plain[i]!;
        largest = Math.max(largest, Math.abs(residual[i]!));
      }
    }
    const error = (got: Float64Array): number =>
      got.reduce((max, value, i) => Math.max(max, Math.abs(value - sent[i]!)), 0);
    expect(error(received)).toBeLessThanOrEqual(largest + 1e-6);
    expect(error(withoutFeedback)).toBeGreaterThan(10 * error(received));
  });

  it('refuses a residual of another length', () => {
    expect(() => encodeWithFeedback(new Float32Array(4), int8(64), new Float32Array(5))).toThrow(
      expect.objectContaining({ code: 'AGGREGATION.BAD_SIZE' }) as Error,
    );
  });
});
