import { type Rng } from '@fedistl/core';
import { type Grey8 } from '../views/grey8';

/** A level rounded and cut to 0..255. */
function toLevel(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : Math.round(value);
}

function mapped({ width, height, pixels }: Grey8, level: (value: number) => number): Grey8 {
  const table = Uint8Array.from({ length: 256 }, (_, value) => toLevel(level(value)));
  const out = new Uint8Array(width * height);
  for (let i = 0; i < out.length; i++) out[i] = table[pixels[i] ?? 0] ?? 0;
  return { width, height, pixels: out };
}

/** Adds white noise. @param deviation share of the grey range */
export function addNoise({ width, height, pixels }: Grey8, deviation: number, rng: Rng): Grey8 {
  const out = new Uint8Array(width * height);
  for (let i = 0; i < out.length; i++) out[i] = toLevel((pixels[i] ?? 0) + rng.normal(0, 255 * deviation));
  return { width, height, pixels: out };
}

/** level -> level ** exponent on the range 0..1: above 1 darker, below 1 brighter; black and white stay. */
export function changeGamma(image: Grey8, exponent: number): Grey8 {
  return mapped(image, (value) => 255 * (value / 255) ** exponent);
}

/** Brings all levels closer to the image's mean. @param factor of the distance, 0 to 1 */
export function lowerContrast(image: Grey8, factor: number): Grey8 {
  const length = image.width * image.height;
  let sum = 0;
  for (let i = 0; i < length; i++) sum += image.pixels[i] ?? 0;
  const mean = sum / length;
  return mapped(image, (value) => mean + factor * (value - mean));
}
