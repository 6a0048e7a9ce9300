import sharp from 'sharp';
import { gaussianBlur } from '../views/box-blur';
import { type Grey8 } from '../views/grey8';
import { resample } from '../views/resample';
import { axisWeights } from '../views/resample-weights';

/** @param deviation of the Gaussian, pixels */
export function blur({ width, height, pixels }: Grey8, deviation: number): Grey8 {
  const out = pixels.slice(0, width * height);
  gaussianBlur(out, width, height, deviation, { image: new Uint8Array(width * height), sums: new Int32Array(width) });
  return { width, height, pixels: out };
}

/** Shrinks and enlarges again, bicubic. @param share of the side that is left, above 0 to 1 */
export function lowerResolution(image: Grey8, share: number): Grey8 {
  const [width, height] = [image.width, image.height].map((side) => Math.max(1, Math.round(side * share)));
  return resized(resized(image, width ?? 1, height ?? 1), image.width, image.height);
}

function resized({ width, height, pixels }: Grey8, outWidth: number, outHeight: number): Grey8 {
  const out = new Uint8Array(outWidth * outHeight);
  resample(
    { pixels, offset: 0, pitch: width, width, height },
    axisWeights(width, outWidth),
    axisWeights(height, outHeight),
    new Uint8Array(outWidth * height),
    out,
  );
  return { width: outWidth, height: outHeight, pixels: out };
}

/** Through a baseline JPEG file and back. @param quality 1 to 100, as libjpeg counts */
export async function compress({ width, height, pixels }: Grey8, quality: number): Promise<Grey8> {
  const raw = { width, height, channels: 1 } as const;
  const file = await sharp(pixels.subarray(0, width * height), { raw })
    .toColourspace('b-w')
    .jpeg({ quality, mozjpeg: false })
    .toBuffer();
  const decoded = await sharp(file).extractChannel(0).raw().toBuffer();
  return { width, height, pixels: new Uint8Array(decoded) };
}
