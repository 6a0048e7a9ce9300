import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { decodeBytes } from '../decode-bytes';

const WIDTH = 31;
const HEIGHT = 17;
const GREY = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, index) => (index * 37) & 0xff);

function image(values: Uint8Array, channels: 1 | 2 | 3 | 4): sharp.Sharp {
  return sharp(Buffer.from(values), { raw: { width: WIDTH, height: HEIGHT, channels } });
}

/** A PNG made by hand, for what sharp does not write. */
function png(depth: number, colourType: number, rows: Buffer, extra: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([depth, colourType, 0, 0, 0], 8);
  const chunks = [chunk('IHDR', header), ...extra, chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe('PNG and JPEG', () => {
  it('with 8-bit grey keep every value', async () => {
    const decoded = await decodeBytes(await image(GREY, 1).toColourspace('b-w').png().toBuffer());
    expect(decoded.stored.values).toEqual(GREY);
    expect(decoded).toMatchObject({
      format: 'png',
      transferSyntax: null,
      rows: HEIGHT,
      columns: WIDTH,
      bitsStored: 8,
      photometricInterpretation: 'MONOCHROME2',
    });
  });

  it('with 16-bit grey keep every value, whatever gamma or profile the file names', async () => {
    const values = Uint16Array.from({ length: WIDTH * HEIGHT }, (_, index) => (index * 12_345) & 0xffff);
    const rows = Buffer.alloc(HEIGHT * (1 + 2 * WIDTH));
    values.forEach((value, index) => {
      rows.writeUInt16BE(value, Math.floor(index / WIDTH) * (1 + 2 * WIDTH) + 1 + 2 * (index % WIDTH));
    });
    const gamma = Buffer.alloc(4);
    gamma.writeUInt32BE(100_000, 0);
    for (const extra of [[], [chunk('gAMA', gamma)]]) {
      const decoded = await decodeBytes(png(16, 0, rows, extra));
      expect(decoded.stored.values).toEqual(values);
      expect(decoded).toMatchObject({ bitsStored: 16, bitsAllocated: 16 });
    }
  });

  it('drop transparency and keep colour for the rendering', async () => {
    const rgba = Uint8Array.from({ length: 4 * WIDTH * HEIGHT }, (_, index) =>
      index % 4 === 3 ? 9 : (index * 11) & 0xff,
    );
    const decoded = await decodeBytes(await image(rgba, 4).png().toBuffer());
    expect(decoded).toMatchObject({ samplesPerPixel: 3, photometricInterpretation: 'RGB' });
    expect([...decoded.stored.values]).toEqual([...rgba].filter((_, index) => index % 4 !== 3));
    const greyAlpha = Uint8Array.from({ length: 2 * WIDTH * HEIGHT }, (_, index) =>
      index % 2 === 1 ? 9 : GREY[index / 2]!,
    );
    const rows = Buffer.concat(
      Array.from({ length: HEIGHT }, (_, row) =>
        Buffer.concat([Buffer.from([0]), greyAlpha.subarray(2 * WIDTH * row, 2 * WIDTH * (row + 1))]),
      ),
    );
    expect((await decodeBytes(png(8, 4, rows))).stored.values).toEqual(GREY);
  });

  it('in grey JPEG are one channel', async () => {
    const decoded = await decodeBytes(await image(GREY, 1).toColourspace('b-w').jpeg({ quality: 100 }).toBuffer());
    expect(decoded).toMatchObject({ format: 'jpeg', samplesPerPixel: 1 });
    const worst = Math.max(...GREY.map((value, index) => Math.abs(value - decoded.stored.values[index]!)));
    expect(worst).toBeLessThanOrEqual(3);
  });

  it.each(['png', 'jpeg'] as const)('that were cut short are refused (%s)', async (format) => {
    const whole = await image(GREY, 1).toFormat(format).toBuffer();
    for (const share of [0.3, 0.7, 0.95]) {
      const cut = whole.subarray(0, Math.floor(whole.length * share));
      await expect(decodeBytes(cut)).rejects.toMatchObject({ code: 'IMAGING.RASTER' });
    }
  });

  it('are told by their first bytes, not by a name', async () => {
    await expect(decodeBytes(Buffer.from('GIF89a, or a text'))).rejects.toMatchObject({ code: 'IMAGING.NOT_AN_IMAGE' });
    await expect(decodeBytes(new Uint8Array(0))).rejects.toMatchObject({ code: 'IMAGING.NOT_AN_IMAGE' });
  });
});
