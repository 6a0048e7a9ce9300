import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { complete } from '../../dicom-writer/dicom-pixels';
import { encodeDctJpeg } from '../../dicom-writer/encoders/dct-jpeg';
import { decodeJpegDct } from '../codecs/jpeg-dct';
import { syntheticPixels } from '../synthetic-pixels';
import { decodeDctJpeg } from './dct-decoder';

const ROWS = 61;
const COLUMNS = 83;

function expected(samplesPerPixel = 1): Parameters<typeof decodeJpegDct>[1] {
  return { rows: ROWS, columns: COLUMNS, samplesPerPixel, bitsAllocated: 8, planarConfiguration: 0, ycbcr: true };
}

function frame(bitsStored: 8 | 12): Parameters<typeof encodeDctJpeg>[0] {
  const shape = { rows: ROWS, columns: COLUMNS, bitsAllocated: bitsStored === 8 ? 8 : 16, bitsStored } as const;
  const values = syntheticPixels(shape);
  const samples = values instanceof Uint8Array ? values : new Uint16Array(values.buffer);
  return { pixels: complete({ ...shape, values }), samples, precision: bitsStored };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length);
  return Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] ?? NaN))), 0);
}

describe('the DCT decoder', () => {
  it.each([
    ['sequential', { progressive: false }],
    ['progressive with successive approximation', { progressive: true }],
    ['with fitted Huffman tables', { progressive: false, optimiseCoding: true }],
  ])('gives the samples of libjpeg-turbo, bit for bit (%s)', async (_name, options) => {
    const raw = Buffer.from(frame(8).samples);
    const jpeg = await sharp(raw, { raw: { width: COLUMNS, height: ROWS, channels: 1 } })
      .toColourspace('b-w')
      .jpeg({ quality: 55, ...options })
      .toBuffer();
    const theirs = await decodeJpegDct(jpeg, expected());
    expect(largestDifference(decodeDctJpeg(jpeg).samples, theirs.samples)).toBe(0);
  });

  it.each([
    ['8 bits', 8],
    ['12 bits', 12],
  ] as const)('gives the same samples for sequential, progressive and restarted codestreams (%s)', (_name, bits) => {
    const plain = decodeDctJpeg(encodeDctJpeg(frame(bits), { quality: 80, spectralSelection: false }));
    const progressive = decodeDctJpeg(encodeDctJpeg(frame(bits), { quality: 80, spectralSelection: true }));
    const restarted = decodeDctJpeg(
      encodeDctJpeg(frame(bits), { quality: 80, spectralSelection: false, restartInterval: 3 }),
    );
    expect(progressive.samples).toEqual(plain.samples);
    expect(restarted.samples).toEqual(plain.samples);
    expect([plain.frame.marker, progressive.frame.marker]).toEqual([0xc1, 0xc2]);
  });

  it.each([
    [8, 1],
    [12, 1],
  ] as const)('is within rounding of the source when nothing is quantised (%i bits)', (bits, step) => {
    const source = frame(bits);
    const { samples } = decodeDctJpeg(encodeDctJpeg(source, { quality: 100, spectralSelection: false }));
    // Rounding 64 coefficients to a step of 1 moves a sample by little more than that.
    expect(largestDifference(samples, source.samples)).toBeLessThanOrEqual(2 * step);
  });

  it('refuses what is no Huffman-coded DCT image', () => {
    const jpeg = encodeDctJpeg(frame(12), { spectralSelection: false });
    const at = Buffer.from(jpeg.buffer).indexOf(Buffer.from([0xff, 0xc1]));
    const arithmetic = Uint8Array.from(jpeg);
    arithmetic[at + 1] = 0xc9;
    expect(() => decodeDctJpeg(arithmetic)).toThrow('expected a Huffman-coded DCT process');
    const sixteen = Uint8Array.from(jpeg);
    sixteen[at + 4] = 16;
    expect(() => decodeDctJpeg(sixteen)).toThrow('expected 8 or 12 bits, got 16');
    const again = Uint8Array.from([...jpeg.subarray(0, at + 13), ...jpeg.subarray(at, jpeg.length)]);
    expect(() => decodeDctJpeg(again)).toThrow('expected one frame');
  });

  it('reads the committed 12-bit file', () => {
    const file = path.resolve(__dirname, '../../../../../test/fixtures/dicom/syntax.4.51.dcm');
    const bytes = readFileSync(file);
    const start = bytes.lastIndexOf(Buffer.from([0xff, 0xd8]));
    const { samples } = decodeDctJpeg(new Uint8Array(bytes.subarray(start)));
    const source = syntheticPixels({ rows: 27, columns: 21, bitsAllocated: 16, bitsStored: 12 });
    expect(largestDifference(samples, source)).toBeLessThanOrEqual(60);
  });
});
