import { type GreyImage } from '../../decode/decoded-file';
import { type ArrayPixels } from '../source/source-item';

/** One grey channel from an archive's array; colour by the luma weights of Rec. ITU-R BT.601, which Pillow's 'L' uses too. */
export function greyFromArray({ values, width, height, channels }: ArrayPixels): GreyImage {
  const bits = values instanceof Uint16Array ? 16 : 8;
  if (channels === 1) return { width, height, bits, pixels: values };
  const pixels = bits === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at += 1) {
    const [red = 0, green = 0, blue = 0] = [values[3 * at], values[3 * at + 1], values[3 * at + 2]];
    pixels[at] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  }
  return { width, height, bits, pixels };
}
