import sharp from 'sharp';

/** A colour PNG without text fields. @param pixels [height, width, 3] */
export async function encodeRgbPng(pixels: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
