import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** An 8-bit grey PNG (ISO/IEC 15948) with text fields that any viewer shows. */
export function encodeGreyPng(
  pixels: Uint8Array,
  width: number,
  height: number,
  text: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits, grey, deflate, adaptive filters, not interlaced.
  header.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) filterRow(pixels, y, width, rows.subarray(y * (width + 1), (y + 1) * (width + 1)));
  const fields = Object.entries(text).map(([key, value]) => chunk('tEXt', Buffer.from(`${key}\0${value}`, 'latin1')));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...fields,
    chunk('IDAT', deflateSync(rows, { level: 6 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Filter 2 (difference to the row above): radiographs are smooth, so it halves the file. */
function filterRow(pixels: Uint8Array, y: number, width: number, out: Uint8Array): void {
  out[0] = 2;
  const line = y * width;
  for (let x = 0; x < width; x++) {
    const above = y === 0 ? 0 : (pixels[line - width + x] ?? 0);
    out[x + 1] = (pixels[line + x] ?? 0) - above;
  }
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}
