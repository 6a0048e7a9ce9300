import { complete } from '../../dicom-writer/dicom-pixels';
import { encodeLosslessJpeg } from '../../dicom-writer/encoders/lossless-jpeg';
import { type SyntheticPixels, syntheticPixels } from '../synthetic-pixels';
import { decodeLosslessJpeg } from './lossless-decoder';

function frame(shape: SyntheticPixels): Parameters<typeof encodeLosslessJpeg>[0] {
  const values = syntheticPixels(shape);
  const samples = shape.bitsAllocated === 8 ? new Uint8Array(values.buffer) : new Uint16Array(values.buffer);
  return { pixels: complete({ ...shape, values }), samples, precision: shape.bitsStored };
}

const SHAPES: readonly SyntheticPixels[] = [
  { rows: 13, columns: 17, bitsAllocated: 8, bitsStored: 8 },
  { rows: 13, columns: 17, bitsAllocated: 16, bitsStored: 12 },
  { rows: 13, columns: 17, bitsAllocated: 16, bitsStored: 16 },
  { rows: 13, columns: 17, bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3 },
  { rows: 1, columns: 1, bitsAllocated: 16, bitsStored: 16 },
];

describe('the lossless decoder', () => {
  for (const predictor of [1, 2, 3, 4, 5, 6, 7]) {
    it.each(SHAPES)(`undoes predictor ${predictor} for %j`, (shape) => {
      const source = frame(shape);
      expect(decodeLosslessJpeg(encodeLosslessJpeg(source, { predictor })).samples).toEqual(source.samples);
    });
  }

  it.each([1, 4, 7])('starts prediction afresh after a restart marker (predictor %i)', (predictor) => {
    const source = frame(SHAPES[1]!);
    const restarted = encodeLosslessJpeg(source, { predictor, restartInterval: 34 });
    expect(decodeLosslessJpeg(restarted).samples).toEqual(source.samples);
    expect(Buffer.from(restarted).includes(Buffer.from([0xff, 0xd0]))).toBe(true);
  });

  it('covers the largest difference, which has no extra bits', () => {
    const values = Uint16Array.of(0, 32_768, 0, 65_535, 32_767, 0);
    const pixels = complete({ rows: 2, columns: 3, bitsAllocated: 16, values });
    const encoded = encodeLosslessJpeg({ pixels, samples: values, precision: 16 }, { predictor: 1 });
    expect(decodeLosslessJpeg(encoded).samples).toEqual(values);
  });

  it('applies the point transform', () => {
    const source = frame(SHAPES[1]!);
    const halved = { ...source, samples: source.samples.map((value) => value >> 2), precision: 10 };
    const encoded = encodeLosslessJpeg(halved, { predictor: 1 });
    // The same codestream, announced as 12 bits with the two lowest left out.
    const view = Buffer.from(encoded.buffer);
    encoded[view.indexOf(Buffer.from([0xff, 0xc3])) + 4] = 12;
    encoded[view.indexOf(Buffer.from([0xff, 0xda])) + 9] = 2;
    expect(decodeLosslessJpeg(encoded).samples).toEqual(halved.samples.map((value) => value << 2));
  });
});
