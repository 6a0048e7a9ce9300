import sharp from 'sharp';
import { rasteriseSvg } from './rasterise-svg';
import { encodeRgbPng } from './rgb-png';

it('draws an SVG at a scale, on white', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="10" height="10" fill="#ff0000"/></svg>';
  const { data, info } = await sharp(await rasteriseSvg(svg, 2))
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([40, 20, 3]);
  expect([...data.subarray(0, 3)]).toEqual([255, 0, 0]);
  expect([...data.subarray(39 * 3, 40 * 3)]).toEqual([255, 255, 255]);
});

it('shows pictures within a drawing', async () => {
  const png = Buffer.from(await encodeRgbPng(Uint8Array.of(0, 0, 255, 0, 255, 0), 2, 1)).toString('base64');
  const image = `<image href="data:image/png;base64,${png}" width="20" height="10" style="image-rendering:pixelated"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10">${image}</svg>`;
  const pixels = await sharp(await rasteriseSvg(svg))
    .raw()
    .toBuffer();
  expect([...pixels.subarray(0, 3)]).toEqual([0, 0, 255]);
  expect([...pixels.subarray(19 * 3, 20 * 3)]).toEqual([0, 255, 0]);
});
