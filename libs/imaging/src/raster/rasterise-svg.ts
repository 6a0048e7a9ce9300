import sharp from 'sharp';

/** Dots an inch at which one SVG pixel is one pixel of the picture. */
const SVG_DPI = 72;

/**
 * An SVG document as PNG. Text needs a sans-serif font on the machine; without one its place stays empty.
 *
 * @param scale pixels of the picture for one of the drawing
 */
export async function rasteriseSvg(svg: string, scale = 1): Promise<Uint8Array> {
  return sharp(Buffer.from(svg), { density: SVG_DPI * scale, unlimited: true })
    .flatten({ background: '#ffffff' })
    .png()
    .toBuffer();
}
