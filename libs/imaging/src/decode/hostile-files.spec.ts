import { deflateRawSync } from 'node:zlib';
import sharp from 'sharp';
import { writeDicom } from '../dicom-writer/write-dicom';
import { encodeJpegLs } from '../dicom-writer/encoders/wasm-encoders';
import { complete } from '../dicom-writer/dicom-pixels';
import { construct, type WasmDecoder, withWasmCodec } from './codecs/wasm-codec';
import { decodeBytes } from './decode-bytes';
import { syntheticPixels } from './synthetic-pixels';

const SHAPE = { rows: 16, columns: 16, bitsAllocated: 8, bitsStored: 8 } as const;
const PIXELS = { ...SHAPE, values: syntheticPixels(SHAPE) };

async function written(suffix: string): Promise<Buffer> {
  return Buffer.from(await writeDicom({ transferSyntax: `1.2.840.10008.1.2.${suffix}`, pixels: PIXELS }));
}

describe('files made to do harm', () => {
  it('cannot inflate without end', async () => {
    const bytes = await written('1.99');
    const end = bytes.indexOf('FEDISTL') + 8;
    const bomb = Buffer.concat([bytes.subarray(0, end), deflateRawSync(Buffer.alloc(64 << 20))]);
    expect(bomb.length).toBeLessThan(100_000);
    await expect(decodeBytes(bomb, { limits: { maxInflatedBytes: 1 << 20 } })).rejects.toMatchObject({
      code: 'IMAGING.TOO_LARGE',
    });
  });

  it('cannot ask for more pixels than the limit', async () => {
    const options = { limits: { maxPixelBytes: 255 } };
    await expect(decodeBytes(await written('1'), options)).rejects.toMatchObject({ code: 'IMAGING.TOO_LARGE' });
    const huge = await writeDicom({
      transferSyntax: '1.2.840.10008.1.2.4.80',
      pixels: PIXELS,
      attributes: [0x00280010, 0x00280011].map((tag) => ({ tag, vr: 'US', value: 65_535 }) as const),
    });
    await expect(decodeBytes(huge)).rejects.toMatchObject({ code: 'IMAGING.TOO_LARGE' });
    const png = await sharp({ create: { width: 2000, height: 2000, channels: 3, background: 'black' } })
      .png()
      .toBuffer();
    await expect(decodeBytes(png, { limits: { maxPixelBytes: 1_000_000 } })).rejects.toMatchObject({
      code: 'IMAGING.TOO_LARGE',
    });
    await expect(decodeBytes(png, { limits: { maxFileBytes: 100 } })).rejects.toMatchObject({
      code: 'IMAGING.TOO_LARGE',
    });
  });

  it.each(['4.50', '4.51', '4.53', '4.55', '4.57', '4.70', '4.80', '4.81', '4.90', '4.91', '4.201', '4.203'])(
    'cannot carry a codestream of another size (%s)',
    async (suffix) => {
      const taller = await writeDicom({
        transferSyntax: `1.2.840.10008.1.2.${suffix}`,
        pixels: PIXELS,
        attributes: [{ tag: 0x00280010, vr: 'US', value: 17 }],
      });
      await expect(decodeBytes(taller)).rejects.toMatchObject({
        code: 'IMAGING.CODESTREAM',
        message: 'expected a codestream of 16 x 17 x 1, at most 8 bits, got 16 x 16 x 1, 8 bits',
      });
    },
  );

  it('cannot nest sequences until the stack ends', async () => {
    const item = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff]);
    const sequence = Buffer.from([0x08, 0x00, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    const bytes = await written('1');
    const end = bytes.indexOf('FEDISTL') + 8;
    const nested = Buffer.concat([
      bytes.subarray(0, end),
      ...Array.from({ length: 40_000 }, () => [sequence, item]).flat(),
    ]);
    await expect(decodeBytes(nested)).rejects.toMatchObject({ code: 'IMAGING.DICOM_PARSE' });
  });

  it('cannot make a codec grow beyond its memory limit', async () => {
    const take = (megabytes: number): Promise<number> =>
      withWasmCodec('charls', (module) => {
        const decoder = construct(module, 'JpegLSDecoder') as WasmDecoder;
        return decoder.getEncodedBuffer(megabytes << 20).length;
      });
    expect(await take(64)).toBe(64 << 20);
    // Below the 2 GiB that the package allows, above the 1 GiB that it is held to here.
    await expect(take(1300)).rejects.toMatchObject({ code: 'IMAGING.CODESTREAM' });
    // The module is dropped afterwards, so the next image finds a fresh one.
    const frame = { pixels: complete(PIXELS), samples: Uint8Array.from(PIXELS.values), precision: 8 };
    const encodedFrames = [await encodeJpegLs(frame, 0)];
    const bytes = await writeDicom({ transferSyntax: '1.2.840.10008.1.2.4.80', pixels: PIXELS, encodedFrames });
    expect((await decodeBytes(bytes)).stored.values).toEqual(PIXELS.values);
  });

  it.each([
    '4.50',
    '4.51',
    '4.53',
    '4.55',
    '4.57',
    '4.70',
    '4.80',
    '4.81',
    '4.90',
    '4.91',
    '4.201',
    '4.202',
    '4.203',
    '5',
    '1.98',
  ])('that were cut short are refused (%s)', async (suffix) => {
    const bytes = await written(suffix);
    const start = bytes.lastIndexOf(Buffer.from([0xfe, 0xff, 0x00, 0xe0])) + 8;
    const frame = bytes.subarray(start, bytes.length - 8);
    for (const share of [0.2, 0.5, 0.9]) {
      const cut = frame.subarray(0, Math.floor(frame.length * share));
      for (const encoded of [cut, Buffer.concat([cut, Buffer.from([0xff, 0xd9])])]) {
        const options = { transferSyntax: `1.2.840.10008.1.2.${suffix}`, pixels: PIXELS, encodedFrames: [encoded] };
        const code: unknown = expect.stringMatching(/^IMAGING\.(CODESTREAM|TRUNCATED)$/);
        await expect(decodeBytes(await writeDicom(options))).rejects.toMatchObject({ code });
      }
    }
  });

  // What most codecs would let pass: all of the image is there but, for all that anyone knows, its last rows.
  it.each(['4.50', '4.51', '4.80', '4.81', '4.90', '4.91', '4.201'])(
    'that lack nothing but the end marker are refused (%s)',
    async (suffix) => {
      const transferSyntax = `1.2.840.10008.1.2.${suffix}`;
      const bytes = await written(suffix);
      const start = bytes.lastIndexOf(Buffer.from([0xfe, 0xff, 0x00, 0xe0])) + 8;
      const end = bytes.lastIndexOf(Buffer.from([0xff, 0xd9]));
      expect(end).toBeGreaterThan(start);
      const encodedFrames = [bytes.subarray(start, end)];
      await expect(
        decodeBytes(await writeDicom({ transferSyntax, pixels: PIXELS, encodedFrames })),
      ).rejects.toMatchObject({ code: 'IMAGING.TRUNCATED' });
    },
  );

  it('with native pixels under a compressed syntax, or the other way round, are refused', async () => {
    const native = await written('1');
    native.write('1.2.840.10008.1.2.5\0', native.indexOf('1.2.840.10008.1.2.1\0', 200));
    await expect(decodeBytes(native)).rejects.toMatchObject({ code: 'IMAGING.TRANSFER_SYNTAX' });
  });

  it('of a transfer syntax that is not read are refused, and a strange one is not printed', async () => {
    const bytes = await written('1');
    const at = bytes.indexOf('1.2.840.10008.1.2.1\0', 200);
    const jpegXl = Buffer.from(bytes);
    jpegXl.write('1.2.840.10008.1.9.1\0', at);
    await expect(decodeBytes(jpegXl)).rejects.toMatchObject({
      message: 'expected one of 19 transfer syntaxes, got 1.2.840.10008.1.9.1',
    });
    bytes.write('DOE^JANE 1952-07-31\0', at);
    await expect(decodeBytes(bytes)).rejects.toMatchObject({
      message: 'expected one of 19 transfer syntaxes, got one that is not a DICOM UID',
    });
  });
});
