import { type DicomPixels } from '../dicom-writer/dicom-pixels';
import { type WriteDicomOptions, writeDicom } from '../dicom-writer/write-dicom';
import { decodeBytes } from './decode-bytes';
import { type DecodedFile, type DecodeOptions } from './decoded-file';
import { syntheticPixels } from './synthetic-pixels';

const LITTLE = '1.2.840.10008.1.2.1';
const BIG = '1.2.840.10008.1.2.2';
const RLE = '1.2.840.10008.1.2.5';
const JPEG_LS = '1.2.840.10008.1.2.4.80';

async function roundTrip(options: WriteDicomOptions, decode: DecodeOptions = { frames: 'all' }): Promise<DecodedFile> {
  return decodeBytes(await writeDicom(options), decode);
}

/** A 3 x 2 image of 16-bit cells, as they lie in the file. */
function cells(values: readonly number[], pixels: Partial<DicomPixels> = {}): DicomPixels {
  return { rows: 2, columns: 3, bitsAllocated: 16, values: Uint16Array.from(values), ...pixels };
}

describe('bits of a cell', () => {
  it('are masked to those stored: old files keep overlays above them', async () => {
    const pixels = cells([0x8001, 0x9fff, 0xf000, 0x0fff, 0x1234, 0x0000], { bitsStored: 12 });
    const { stored } = await roundTrip({ transferSyntax: LITTLE, pixels });
    expect([...stored.values]).toEqual([0x001, 0xfff, 0x000, 0xfff, 0x234, 0x000]);
  });

  it('are sign-extended from the highest stored bit', async () => {
    const pixels = cells([0x0800, 0x0fff, 0x07ff, 0xf800, 0x7001, 0x0000], { bitsStored: 12, signed: true });
    const { stored } = await roundTrip({ transferSyntax: LITTLE, pixels });
    expect(stored.values).toEqual(Int16Array.of(-2048, -1, 2047, -2048, 1, 0));
  });

  it.each([LITTLE, BIG, RLE])('are taken below the high bit (%s)', async (transferSyntax) => {
    const values = Uint16Array.of(0, 1, 2047, 2048, 4094, 4095);
    const { stored } = await roundTrip({ transferSyntax, pixels: cells([...values], { bitsStored: 12, highBit: 15 }) });
    expect(stored.values).toEqual(values);
  });

  it('are read as 8 signed bits', async () => {
    const values = Int8Array.of(-128, -1, 0, 1, 127, 5);
    const { stored } = await roundTrip({
      transferSyntax: LITTLE,
      pixels: { rows: 2, columns: 3, bitsAllocated: 8, signed: true, values },
    });
    expect(stored.values).toEqual(values);
  });

  it('use the usual high bit when the header names one that cannot hold them', async () => {
    const attributes = [{ tag: 0x00280102, vr: 'US', value: 3 }] as const;
    const { stored } = await roundTrip({
      transferSyntax: LITTLE,
      pixels: cells([9, 8, 7, 6, 5, 4095], { bitsStored: 12 }),
      attributes,
    });
    expect([...stored.values]).toEqual([9, 8, 7, 6, 5, 4095]);
  });

  it.each([
    ['Bits Allocated', 0x00280100, 32, 'IMAGING.GEOMETRY'],
    ['Bits Allocated', 0x00280100, 1, 'IMAGING.GEOMETRY'],
    ['Bits Stored', 0x00280101, 17, 'IMAGING.GEOMETRY'],
    ['Bits Stored', 0x00280101, 0, 'IMAGING.GEOMETRY'],
    ['Rows', 0x00280010, 0, 'IMAGING.GEOMETRY'],
    ['Samples per Pixel', 0x00280002, 4, 'IMAGING.GEOMETRY'],
    ['Samples per Pixel', 0x00280002, 3, 'IMAGING.PHOTOMETRIC'],
    ['Rows', 0x00280010, 3, 'IMAGING.TRUNCATED'],
  ])('refuse %s (%i) = %i with %s', async (_name, tag, value, code) => {
    const options = {
      transferSyntax: LITTLE,
      pixels: cells([1, 2, 3, 4, 5, 6]),
      attributes: [{ tag, vr: 'US', value }],
    } as const;
    await expect(roundTrip(options)).rejects.toMatchObject({ code });
  });
});

describe('big-endian files', () => {
  it('swap 8-bit pixels that lie in words', async () => {
    const bytes = await writeDicom({
      transferSyntax: BIG,
      pixels: { rows: 2, columns: 2, bitsAllocated: 8, values: Uint8Array.of(1, 2, 3, 4) },
    });
    const at = Buffer.from(bytes).lastIndexOf(Buffer.from([0x7f, 0xe0, 0x00, 0x10, 0x4f, 0x42]));
    bytes[at + 5] = 0x57; // OB to OW
    expect([...(await decodeBytes(bytes)).stored.values]).toEqual([2, 1, 4, 3]);
  });
});

describe('colour', () => {
  const shape = { rows: 5, columns: 7, samplesPerPixel: 3, bitsAllocated: 8, bitsStored: 8 } as const;
  const values = syntheticPixels(shape);

  it.each([LITTLE, RLE, '1.2.840.10008.1.2.1.98'])('by planes comes out by pixels (%s)', async (transferSyntax) => {
    const pixels = { ...shape, values, planarConfiguration: 1 } as const;
    expect((await roundTrip({ transferSyntax, pixels })).stored.values).toEqual(values);
  });

  it('with halved chroma is expanded', async () => {
    const bytes = await writeDicom({
      transferSyntax: LITTLE,
      pixels: {
        rows: 1,
        columns: 4,
        bitsAllocated: 8,
        samplesPerPixel: 3,
        values: Uint8Array.of(10, 20, 90, 91, 30, 40, 92, 93, 0, 0, 0, 0),
      },
      attributes: [{ tag: 0x00280004, vr: 'CS', value: 'YBR_FULL_422' }],
    });
    const { stored, photometricInterpretation } = await decodeBytes(bytes);
    expect([...stored.values]).toEqual([10, 90, 91, 20, 90, 91, 30, 92, 93, 40, 92, 93]);
    expect([photometricInterpretation, stored.photometricInterpretation]).toEqual(['YBR_FULL_422', 'YBR_FULL']);
  });

  it('in JPEG comes out as RGB', async () => {
    const options = {
      transferSyntax: '1.2.840.10008.1.2.4.50',
      pixels: { ...shape, values, photometricInterpretation: 'YBR_FULL_422' },
    } as const;
    const { stored } = await roundTrip(options);
    expect(stored.photometricInterpretation).toBe('RGB');
    const mean = (array: ArrayLike<number>): number =>
      Array.from(array).reduce((sum, value) => sum + value, 0) / array.length;
    expect(Math.abs(mean(stored.values) - mean(values))).toBeLessThan(6);
  });
});

describe('frames', () => {
  const shape = { rows: 6, columns: 8, frames: 3, bitsAllocated: 16, bitsStored: 12 } as const;
  const pixels = { ...shape, values: syntheticPixels(shape) };
  const first = pixels.values.slice(0, 48);

  it.each([LITTLE, JPEG_LS])('are decoded as asked (%s)', async (transferSyntax) => {
    const all = await roundTrip({ transferSyntax, pixels });
    expect(all.stored.values).toEqual(pixels.values);
    const one = await roundTrip({ transferSyntax, pixels }, {});
    expect(one.stored.values).toEqual(first);
    expect([one.framesInFile, one.framesDecoded]).toEqual([3, 1]);
    const refused = roundTrip({ transferSyntax, pixels }, { frames: 'refuse' });
    await expect(refused).rejects.toMatchObject({ code: 'IMAGING.MULTI_FRAME', message: 'expected one frame, got 3' });
  });

  it.each([
    ['basic', []],
    ['empty', []],
    ['wrong', ['OFFSET_TABLE_IGNORED']],
  ] as const)('in four fragments each are found with the offset table %s', async (offsetTable, warnings) => {
    const decoded = await roundTrip({ transferSyntax: JPEG_LS, pixels, offsetTable, fragmentsPerFrame: 4 });
    expect(decoded.stored.values).toEqual(pixels.values);
    expect(decoded.warnings).toEqual(warnings);
  });

  it('with an extended offset table, whose value representation the parser does not know', async () => {
    const table = new BigUint64Array(3);
    const attributes = [1, 2].map(
      (element) => ({ tag: 0x7fe00000 + element, vr: 'OV', value: new Uint8Array(table.buffer) }) as const,
    );
    const decoded = await roundTrip({ transferSyntax: JPEG_LS, pixels, offsetTable: 'empty', attributes });
    expect(decoded.stored.values).toEqual(pixels.values);
  });

  it('that cannot be told apart are refused', async () => {
    const attributes = [{ tag: 0x00280008, vr: 'IS', value: 5 }] as const;
    await expect(roundTrip({ transferSyntax: JPEG_LS, pixels, attributes })).rejects.toMatchObject({
      code: 'IMAGING.FRAGMENTS',
    });
    await expect(roundTrip({ transferSyntax: LITTLE, pixels, attributes })).rejects.toMatchObject({
      code: 'IMAGING.TRUNCATED',
    });
  });
});

describe('pixel data', () => {
  it('of odd length are padded and read', async () => {
    const values = syntheticPixels({ rows: 5, columns: 7, bitsAllocated: 8, bitsStored: 8 });
    const decoded = await roundTrip({
      transferSyntax: LITTLE,
      pixels: { rows: 5, columns: 7, bitsAllocated: 8, values },
    });
    expect(decoded.stored.values).toEqual(values);
    expect(decoded.warnings).toEqual([]);
  });

  it('that are too long are read and said to be', async () => {
    const attributes = [{ tag: 0x00280010, vr: 'US', value: 1 }] as const;
    const decoded = await roundTrip({ transferSyntax: LITTLE, pixels: cells([1, 2, 3, 4, 5, 6]), attributes });
    expect([...decoded.stored.values]).toEqual([1, 2, 3]);
    expect(decoded.warnings).toEqual(['PIXEL_DATA_TOO_LONG']);
  });

  it('that are missing, empty or floating point are refused', async () => {
    const whole = Buffer.from(await writeDicom({ transferSyntax: LITTLE, pixels: cells([1, 2, 3, 4, 5, 6]) }));
    const at = whole.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00]));
    await expect(decodeBytes(whole.subarray(0, at))).rejects.toMatchObject({ code: 'IMAGING.NO_PIXEL_DATA' });
    const float = Buffer.concat([
      whole.subarray(0, at),
      Buffer.from([0xe0, 0x7f, 0x08, 0x00, 0x4f, 0x46, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4]),
    ]);
    await expect(decodeBytes(float)).rejects.toMatchObject({ code: 'IMAGING.NO_PIXEL_DATA' });
    const empty = Buffer.concat([
      whole.subarray(0, at),
      Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x57, 0, 0, 0, 0, 0, 0]),
    ]);
    await expect(decodeBytes(empty)).rejects.toMatchObject({ code: 'IMAGING.NO_PIXEL_DATA' });
    const noFragment = roundTrip({ transferSyntax: JPEG_LS, pixels: cells([1, 2, 3, 4, 5, 6]), encodedFrames: [] });
    await expect(noFragment).rejects.toMatchObject({ code: 'IMAGING.NO_PIXEL_DATA' });
  });
});
