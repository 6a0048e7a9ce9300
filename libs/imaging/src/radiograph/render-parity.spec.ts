import sharp from 'sharp';
import { writeDicom } from '../dicom-writer/write-dicom';
import { decodeBytes } from '../decode/decode-bytes';
import { syntheticPixels } from '../decode/synthetic-pixels';
import { fitGrey } from './fit-grey';
import { renderRadiograph } from './render-radiograph';

// Looked up once: jest's globals are slow to reach, and the images have a million pixels.
const { abs, floor, max, min, trunc } = Math;

/** Bilinear with half-pixel centres, no antialiasing, edges repeated, as a plain function of the definition. */
function bilinear(image: ArrayLike<number>, rows: number, columns: number, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let index = 0; index < result.length; index += 1) {
    const y = max(0, ((floor(index / size) + 0.5) * rows) / size - 0.5);
    const x = max(0, (((index % size) + 0.5) * columns) / size - 0.5);
    const top = floor(y) * columns;
    const bottom = min(floor(y) + 1, rows - 1) * columns;
    const left = floor(x);
    const right = min(left + 1, columns - 1);
    const upper = image[top + left]! * (1 - (x - left)) + image[top + right]! * (x - left);
    const lower = image[bottom + left]! * (1 - (x - left)) + image[bottom + right]! * (x - left);
    result[index] = upper * (1 - (y - floor(y))) + lower * (y - floor(y));
  }
  return result;
}

function stretch(image: Float64Array): Float64Array {
  const low = image.reduce((least, value) => min(least, value), Infinity);
  const high = image.reduce((most, value) => max(most, value), -Infinity);
  return image.map((value) => trunc(((value - low) / (high - low)) * 255));
}

describe('parity with the published preparation', () => {
  it('ignores rescale, window and MONOCHROME1, and stretches twice', async () => {
    const shape = { rows: 300, columns: 200, bitsAllocated: 16, bitsStored: 12, signed: true } as const;
    const values = syntheticPixels(shape);
    const bytes = await writeDicom({
      transferSyntax: '1.2.840.10008.1.2.1',
      pixels: { ...shape, values, photometricInterpretation: 'MONOCHROME1' },
      header: {
        WindowCenter: 5,
        WindowWidth: 3,
        RescaleSlope: -7,
        RescaleIntercept: 9,
        PresentationLUTShape: 'INVERSE',
      },
    });
    const { image, greyOrigin } = renderRadiograph(await decodeBytes(bytes), { mode: 'parity', size: 256 });
    const expected = bilinear(stretch(stretch(bilinear(values, 300, 200, 1024))), 1024, 1024, 256);
    const differences = expected.map((value, index) => abs(value - image.pixels[index]!));
    // The bound that is stated for the load resize; a level of difference in the stretch comes from float32 sums.
    expect(max(...differences)).toBeLessThanOrEqual(1.5);
    expect(differences.filter((difference) => difference > 0.75).length / differences.length).toBeLessThan(0.001);
    expect(greyOrigin).toBe('min-max');
  });

  it('reads other images as 8-bit grey and stretches once', async () => {
    const grey = Uint8Array.from({ length: 64 * 64 }, (_, index) => 40 + ((index * 7) % 100));
    const png = await sharp(Buffer.from(grey), { raw: { width: 64, height: 64, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const { image } = renderRadiograph(await decodeBytes(png), { mode: 'parity', size: 64 });
    expect([...image.pixels]).toEqual([...stretch(Float64Array.from(grey))]);
    expect(fitGrey({ width: 64, height: 64, bits: 8, pixels: grey }, { mode: 'parity', size: 64 })).toEqual(image);
  });

  it('refuses what the published code leaves out or divides by zero on', async () => {
    const pixels = { rows: 2, columns: 2, bitsAllocated: 8, values: new Uint8Array(4).fill(7) } as const;
    const decoded = await decodeBytes(await writeDicom({ transferSyntax: '1.2.840.10008.1.2.1', pixels }));
    expect(() => renderRadiograph(decoded, { mode: 'parity' })).toThrow('at least two grey levels');
    const halved = { ...decoded, photometricInterpretation: 'YBR_FULL_422' } as const;
    expect(() => renderRadiograph(halved, { mode: 'parity' })).toThrow('parity mode leaves out YBR_FULL_422');
  });
});

describe('fitting grey levels of an archive', () => {
  it('keeps them, in either depth', () => {
    const image = { width: 2, height: 2, bits: 8, pixels: Uint8Array.of(0, 51, 102, 255) } as const;
    expect([...fitGrey(image, { size: 2 }).pixels]).toEqual([0, 51, 102, 255]);
    expect([...fitGrey(image, { size: 2, bits: 16 }).pixels]).toEqual([0, 13_107, 26_214, 65_535]);
    expect([...fitGrey(image, { size: 1 }).pixels]).toEqual([102]);
  });
});
