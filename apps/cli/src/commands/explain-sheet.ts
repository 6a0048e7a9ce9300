import { type Explanation } from '@fedistl/distl';
import { type Grey8, encodeRgbPng, rasteriseSvg } from '@fedistl/imaging';

/** Side of a panel and what lies around it, pixels. */
const PANEL = 256;
const GAP = 12;
const TOP = 62;
const CAPTION = 22;
const BOTTOM = 56;
const COLUMNS = 4;
/** Opacity of the strongest attention: bones stay to be seen under it. */
const STRONGEST = 0.72;

type Colour = readonly [red: number, green: number, blue: number];

/** From dark violet to pale yellow, lightness rising all the way, so that it reads in grey and with any colour vision. */
const RAMP: readonly Colour[] = [
  [40, 11, 84],
  [101, 21, 110],
  [159, 42, 99],
  [212, 72, 66],
  [245, 125, 21],
  [250, 193, 39],
  [252, 255, 164],
];

/** The radiograph as the network saw it, each head's attention over it, and the mean of the heads, as one PNG. */
export async function attentionSheet(explanation: Explanation, layer: number): Promise<Uint8Array> {
  const { input, maps, shares, probability } = explanation;
  const length = maps.rows * maps.columns;
  const heads = Array.from({ length: maps.heads }, (_, h) => maps.values.subarray(h * length, (h + 1) * length));
  const mean = heads.reduce(
    (sum, map) => sum.map((value, i) => value + (map[i] ?? 0) / heads.length),
    new Float32Array(length),
  );
  const panels = [
    { caption: 'input', map: new Float32Array(length) },
    ...heads.map((map, h) => ({ caption: `head ${h + 1} (${((shares[h] ?? 0) * 100).toFixed(0)} % on patches)`, map })),
    { caption: 'mean of the heads', map: mean },
  ];
  const columns = panels.length % COLUMNS === 0 || panels.length > 6 ? COLUMNS : 3;
  const width = columns * (PANEL + GAP) + GAP;
  const height = TOP + Math.ceil(panels.length / columns) * (PANEL + CAPTION + GAP) + BOTTOM;
  const drawn = await Promise.all(
    panels.map(async ({ caption, map }, k) => {
      const x = GAP + (k % columns) * (PANEL + GAP);
      const y = TOP + Math.floor(k / columns) * (PANEL + CAPTION + GAP);
      const png = Buffer.from(await encodeRgbPng(overlay(input, map), input.width, input.height)).toString('base64');
      return (
        `<image x="${x}" y="${y}" width="${PANEL}" height="${PANEL}" href="data:image/png;base64,${png}"/>` +
        `<text x="${x}" y="${y + PANEL + 16}" font-size="13" fill="#222">${caption}</text>`
      );
    }),
  );
  const title = `Attention of the class token, layer ${layer}; probability of the finding ${probability.toFixed(3)}`;
  return rasteriseSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Helvetica, Arial, sans-serif">` +
      `<rect width="${width}" height="${height}" fill="#fff"/>` +
      `<text x="${GAP}" y="26" font-size="16" font-weight="bold" fill="#222">${title}</text>` +
      `<text x="${GAP}" y="47" font-size="13" fill="#444">Where the network looked, not why. Research use only.</text>` +
      `${drawn.join('')}${colourBar(height - BOTTOM + 10)}</svg>`,
  );
}

function colourBar(y: number): string {
  const cells = Array.from({ length: 60 }, (_, k) => {
    const [r, g, b] = rampColour((k + 0.5) / 60);
    return `<rect x="${GAP + k * 3}" y="${y}" width="3.2" height="12" fill="rgb(${r}, ${g}, ${b})"/>`;
  });
  return `${cells.join('')}<text x="${GAP + 190}" y="${y + 11}" font-size="13" fill="#222">least to most attention, each head by itself</text>`;
}

/** @param map [height, width], 0 to 1 @returns [height, width, 3] */
function overlay({ pixels, width, height }: Grey8, map: Float32Array): Uint8Array {
  const out = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const attention = map[i] ?? 0;
    const opacity = STRONGEST * attention;
    const colour = rampColour(attention);
    for (let c = 0; c < 3; c++)
      out[3 * i + c] = Math.round((pixels[i] ?? 0) * (1 - opacity) + (colour[c] ?? 0) * opacity);
  }
  return out;
}

function rampColour(value: number): Colour {
  const position = Math.min(1, Math.max(0, value)) * (RAMP.length - 1);
  const below = Math.min(RAMP.length - 2, Math.floor(position));
  const [from, to, share] = [RAMP[below], RAMP[below + 1], position - below];
  const mix = (channel: 0 | 1 | 2): number =>
    Math.round((from?.[channel] ?? 0) * (1 - share) + (to?.[channel] ?? 0) * share);
  return [mix(0), mix(1), mix(2)];
}
