import { type Grey8 } from './grey8';

const { imul, floor } = Math;

/**
 * The synthetic images of test/fixtures/views, from integer arithmetic alone so that Python and this make the same bytes.
 *
 * @param kind 0: smooth with texture, 1: noise, 2: four grey levels, 3: constant, 4: black and white steps
 */
export function testImage(kind: number, width: number, height: number): Grey8 {
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) pixels[y * width + x] = level(kind, x, y, width);
  }
  return { width, height, pixels };
}

function level(kind: number, x: number, y: number, width: number): number {
  const noise = imul(imul(x, 73_856_093) ^ imul(y, 19_349_663), 2_654_435_761) >>> 24;
  switch (kind) {
    case 0:
      return Math.min(255, 40 + floor((x * 120) / width) + ((y * 7) % 50) + (noise >> 4));
    case 1:
      return noise;
    case 2:
      return 60 + 35 * ((floor(x / 5) + floor(y / 7)) % 4);
    case 3:
      return 93;
    default:
      return 255 * ((floor(x / 9) ^ floor(y / 11)) & 1);
  }
}
