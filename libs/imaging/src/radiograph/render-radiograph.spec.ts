import { type DicomHeader } from '../dicom-writer/dicom-attribute';
import { type DicomPixels } from '../dicom-writer/dicom-pixels';
import { type WriteDicomOptions, writeDicom } from '../dicom-writer/write-dicom';
import { decodeBytes } from '../decode/decode-bytes';
import { type RadiographOptions } from './radiograph-options';
import { type Radiograph, renderRadiograph } from './render-radiograph';

/** Renders a 4 x 4 image, one output pixel a stored value. */
async function render(
  values: DicomPixels['values'],
  header: DicomHeader = {},
  {
    pixels = {},
    attributes = [],
    options = {},
  }: {
    readonly pixels?: Partial<DicomPixels>;
    readonly attributes?: WriteDicomOptions['attributes'];
    readonly options?: Partial<RadiographOptions>;
  } = {},
): Promise<Radiograph> {
  const bytes = await writeDicom({
    transferSyntax: '1.2.840.10008.1.2.1',
    pixels: { rows: 4, columns: 4, bitsAllocated: values.BYTES_PER_ELEMENT === 1 ? 8 : 16, values, ...pixels },
    header,
    attributes,
  });
  return renderRadiograph(await decodeBytes(bytes), { size: 4, ...options });
}

/** 0, 100, ... 1500. */
const RAMP = Uint16Array.from({ length: 16 }, (_, index) => 100 * index);
const TWELVE = { bitsStored: 12 } as const;
const grey = (value: number): number => Math.round(255 * Math.min(1, Math.max(0, value)));

const LUT_ITEM = (
  first: number,
  entries: readonly number[],
  bits: number,
): NonNullable<WriteDicomOptions['attributes']>[number]['value'] => [
  {
    attributes: [
      { tag: 0x00283002, vr: 'US', value: [entries.length, first, bits] },
      { tag: 0x00283006, vr: 'US', value: entries },
    ],
  },
];

describe('grey levels of a radiograph', () => {
  it('apply the rescale before the window', async () => {
    const header = {
      RescaleSlope: 2,
      RescaleIntercept: -1000,
      WindowCenter: 500,
      WindowWidth: 1001,
      VOILUTFunction: 'LINEAR_EXACT',
    };
    const { image, greyOrigin } = await render(RAMP, header, { pixels: TWELVE });
    expect([...image.pixels]).toEqual([...RAMP].map((value) => grey((2 * value - 1000 - 500) / 1001 + 0.5)));
    expect(greyOrigin).toBe('window');
  });

  it('take the first of several windows, and pass over one of no width', async () => {
    const { image } = await render(RAMP, { WindowCenter: [5, 800], WindowWidth: [0, 1600] }, { pixels: TWELVE });
    expect(image.pixels[8]).toBe(grey((800 - 799.5) / 1599 + 0.5));
  });

  it('prefer a VOI look-up table to a window', async () => {
    const attributes = [{ tag: 0x00283010, vr: 'SQ', value: LUT_ITEM(0, [0, 255], 8) }] as const;
    const { image, greyOrigin } = await render(
      RAMP,
      { WindowCenter: 800, WindowWidth: 100 },
      { pixels: TWELVE, attributes },
    );
    expect([...image.pixels]).toEqual([0, ...new Array<number>(15).fill(255)]);
    expect(greyOrigin).toBe('voi-lut');
  });

  it('prefer a modality look-up table to a rescale', async () => {
    const entries = Array.from({ length: 1501 }, (_, index) => 3000 - index);
    const attributes = [{ tag: 0x00283000, vr: 'SQ', value: LUT_ITEM(0, entries, 16) }] as const;
    const header = { RescaleSlope: 100, WindowCenter: 2250, WindowWidth: 1501, VOILUTFunction: 'LINEAR_EXACT' };
    const { image } = await render(RAMP, header, { pixels: TWELVE, attributes });
    expect([...image.pixels]).toEqual([...RAMP].map((value) => grey((3000 - value - 2250) / 1501 + 0.5)));
  });

  it.each([
    ['MONOCHROME2', undefined, false],
    ['MONOCHROME1', undefined, true],
    ['MONOCHROME2', 'IDENTITY', false],
    ['MONOCHROME2', 'INVERSE', true],
    ['MONOCHROME1', 'INVERSE', true],
  ] as const)(
    'are inverted once or not at all: %s with shape %s',
    async (photometricInterpretation, shape, inverted) => {
      const header = {
        WindowCenter: 750,
        WindowWidth: 1500,
        VOILUTFunction: 'LINEAR_EXACT',
        ...(shape === undefined ? {} : { PresentationLUTShape: shape }),
      };
      const { image } = await render(RAMP, header, { pixels: { ...TWELVE, photometricInterpretation } });
      expect([...image.pixels]).toEqual([...RAMP].map((value) => grey(inverted ? 1 - value / 1500 : value / 1500)));
    },
  );

  it('leave padding out of the percentiles and make it black, inverted or not', async () => {
    const padded = Int16Array.from(RAMP, (value, index) => (index < 4 ? -2000 : value));
    const attributes = [{ tag: 0x00280120, vr: 'SS', value: -2000 }] as const;
    for (const photometricInterpretation of ['MONOCHROME1', 'MONOCHROME2'] as const) {
      const options = { percentiles: [0, 100] } as const;
      const { image, greyOrigin } = await render(
        padded,
        {},
        { pixels: { signed: true, photometricInterpretation }, attributes, options },
      );
      expect(greyOrigin).toBe('percentiles');
      expect([...image.pixels.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
      const ends = [image.pixels[4], image.pixels[15]];
      expect(ends).toEqual(photometricInterpretation === 'MONOCHROME1' ? [255, 0] : [0, 255]);
    }
  });

  it('leave a whole range of padding out', async () => {
    const attributes = [
      { tag: 0x00280120, vr: 'US', value: 1400 },
      { tag: 0x00280121, vr: 'US', value: 4095 },
    ] as const;
    const { image } = await render(RAMP, {}, { pixels: TWELVE, attributes, options: { percentiles: [0, 100] } });
    expect([...image.pixels.subarray(12)]).toEqual([grey(12 / 13), 255, 0, 0]);
  });

  it('take percentiles where nothing else is said, so that one marker does not decide', async () => {
    const values = Uint16Array.from({ length: 400 }, (_, index) => 1000 + index);
    values[0] = 60_000;
    const bytes = await writeDicom({
      transferSyntax: '1.2.840.10008.1.2.1',
      pixels: { rows: 20, columns: 20, bitsAllocated: 16, values },
    });
    const { image, greyOrigin } = renderRadiograph(await decodeBytes(bytes), { size: 20 });
    expect(greyOrigin).toBe('percentiles');
    expect(image.pixels[0]).toBe(255);
    expect(image.pixels[200]).toBeGreaterThan(110);
    expect(image.pixels[200]).toBeLessThan(145);
  });

  it('fall back to percentiles when the window misses the image', async () => {
    const { greyOrigin } = await render(RAMP, { WindowCenter: 60_000, WindowWidth: 10 }, { pixels: TWELVE });
    expect(greyOrigin).toBe('percentiles');
  });

  it('of 8 bits stay as they are', async () => {
    const values = Uint8Array.from({ length: 16 }, (_, index) => 3 * index);
    const { image, greyOrigin } = await render(values);
    expect(image.pixels).toEqual(values);
    expect(greyOrigin).toBe('full-range');
  });

  it('come out in 16 bits when asked', async () => {
    const header = { WindowCenter: 750, WindowWidth: 1500, VOILUTFunction: 'LINEAR_EXACT' };
    const { image } = await render(RAMP, header, { pixels: TWELVE, options: { bits: 16 } });
    expect(image).toMatchObject({ bits: 16, width: 4, height: 4 });
    expect([...image.pixels]).toEqual([...RAMP].map((value) => Math.round((65_535 * value) / 1500)));
  });
});

describe('colour', () => {
  it('becomes luma', async () => {
    const values = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]);
    const pixels = { rows: 2, columns: 2, samplesPerPixel: 3 } as const;
    const { image, greyOrigin } = await render(values, {}, { pixels, options: { size: 2 } });
    expect([...image.pixels]).toEqual([76, 150, 29, 255]);
    expect(greyOrigin).toBe('colour');
  });

  it('of a palette is looked up', async () => {
    const table = (values: readonly number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);
    const attributes = [0x1101, 0x1102, 0x1103].flatMap((element, channel) => [
      { tag: 0x00280000 + element, vr: 'US', value: [2, 4, 16] } as const,
      { tag: 0x00280000 + element + 0x100, vr: 'OW', value: table([0, channel === 0 ? 65_535 : 0]) } as const,
    ]);
    const values = Uint8Array.of(0, 4, 5, 255);
    const pixels = { rows: 2, columns: 2, photometricInterpretation: 'PALETTE COLOR' } as const;
    const { image } = await render(values, {}, { pixels, attributes, options: { size: 2 } });
    expect([...image.pixels]).toEqual([0, 0, 76, 76]);
    await expect(render(values, {}, { pixels })).rejects.toMatchObject({ code: 'IMAGING.PALETTE' });
  });
});

describe('the square', () => {
  const wide = Uint8Array.from({ length: 8 }, () => 200);

  it('is reached by squashing, or by padding with black around the centre', async () => {
    const pixels = { rows: 2, columns: 4 } as const;
    const squashed = await render(wide, {}, { pixels, options: { size: 4 } });
    expect([...squashed.image.pixels]).toEqual(new Array(16).fill(200));
    const padded = await render(wide, {}, { pixels, options: { size: 4, fit: 'pad' } });
    expect([...padded.image.pixels]).toEqual([0, 0, 0, 0, 200, 200, 200, 200, 200, 200, 200, 200, 0, 0, 0, 0]);
  });

  it.each([
    [{ size: 0 }, 'expected a size'],
    [{ percentiles: [50, 50] as const }, 'expected percentiles'],
    [{ mode: 'parity', bits: 16 } as const, 'expected 8 bits in parity mode'],
  ])('is refused with %j', async (options, message) => {
    await expect(render(RAMP, {}, { pixels: TWELVE, options })).rejects.toThrow(message);
  });
});
