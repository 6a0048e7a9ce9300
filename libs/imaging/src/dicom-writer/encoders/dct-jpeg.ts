import { ZIGZAG } from '../../decode/jpeg/dct-scan';
import { type FrameEncoding, type FrameSamples } from '../encode-frames';
import { DicomWriteError } from '../writer.errors';
import { category, categoryBits, codestream, EntropyWriter, flatTable, frameHeader, segment } from './entropy-writer';

const DC_SYMBOLS = Array.from({ length: 16 }, (_, index) => index);
/** Run 0-15 and size 1-14, end of block, and run of 16 zeros. */
const AC_SYMBOLS = [
  0x00,
  0xf0,
  ...Array.from({ length: 16 * 14 }, (_, index) => (Math.floor(index / 14) << 4) | (1 + (index % 14))),
];
const BANDS = [
  [1, 5],
  [6, 63],
] as const;

/**
 * Grey JPEG with 8 or 12 bits: extended sequential, or progressive by spectral selection (T.81, annexes F and G). Codes are
 * not fitted to the image, so files are larger than they could be.
 *
 * @throws DicomWriteError for colour or more than 12 bits
 */
export function encodeDctJpeg(
  frame: FrameSamples,
  { quality = 90, restartInterval = 0, spectralSelection }: FrameEncoding & { readonly spectralSelection: boolean },
): Uint8Array {
  const { pixels, precision: bits } = frame;
  if (pixels.samplesPerPixel !== 1 || bits > 12) throw new DicomWriteError('expected grey samples of at most 12 bits');
  const precision = bits > 8 ? 12 : 8;
  const { rows, columns } = pixels;
  const step = Math.max(1, Math.round((100 - quality) * (precision === 12 ? 2 : 0.5)));
  const blocks = quantisedBlocks(frame, precision, step);
  const dc = flatTable(0x00, DC_SYMBOLS);
  const ac = flatTable(0x10, AC_SYMBOLS);
  const scan = (first: number, last: number): Uint8Array[] => [
    segment(0xda, [1, 1, 0, first, last, 0]),
    entropy(blocks, { first, last, dc, ac, restartInterval }),
  ];
  return codestream([
    segment(0xdb, [0, ...new Array<number>(64).fill(step)]),
    frameHeader(spectralSelection ? 0xc2 : 0xc1, { precision, rows, columns, components: 1 }),
    dc.dht,
    ac.dht,
    ...(restartInterval > 0 ? [segment(0xdd, [restartInterval >> 8, restartInterval & 0xff])] : []),
    ...(spectralSelection ? [scan(0, 0), ...BANDS.map(([first, last]) => scan(first, last))].flat() : scan(0, 63)),
  ]);
}

type Table = ReturnType<typeof flatTable>;

function entropy(
  blocks: readonly Int16Array[],
  {
    first,
    last,
    dc,
    ac,
    restartInterval,
  }: {
    readonly first: number;
    readonly last: number;
    readonly dc: Table;
    readonly ac: Table;
    readonly restartInterval: number;
  },
): Uint8Array {
  const writer = new EntropyWriter();
  let prediction = 0;
  blocks.forEach((block, index) => {
    if (restartInterval > 0 && index > 0 && index % restartInterval === 0) {
      writer.marker(0xd0 + ((index / restartInterval - 1) % 8));
      prediction = 0;
    }
    if (first === 0) {
      const difference = (block[0] ?? 0) - prediction;
      prediction = block[0] ?? 0;
      putSized(writer, dc, difference, 0);
    }
    if (last > 0) putBand(writer, ac, block, Math.max(first, 1), last);
  });
  return writer.finish();
}

function putBand(writer: EntropyWriter, ac: Table, block: Int16Array, first: number, last: number): void {
  let zeros = 0;
  for (let k = first; k <= last; k += 1) {
    const value = block[ZIGZAG[k] ?? 0] ?? 0;
    if (value === 0) {
      zeros += 1;
      continue;
    }
    for (; zeros > 15; zeros -= 16) writer.put(ac.codes.get(0xf0) ?? 0, ac.length);
    putSized(writer, ac, value, zeros << 4);
    zeros = 0;
  }
  if (zeros > 0) writer.put(ac.codes.get(0x00) ?? 0, ac.length);
}

function putSized(writer: EntropyWriter, table: Table, value: number, run: number): void {
  const size = category(value);
  writer.put(table.codes.get(run | size) ?? 0, table.length);
  writer.put(categoryBits(value, size), size);
}

/** Blocks in raster order, edges repeated outward, coefficients in natural order. */
function quantisedBlocks({ pixels, samples }: FrameSamples, precision: number, step: number): Int16Array[] {
  const { rows, columns } = pixels;
  const blocks: Int16Array[] = [];
  for (let top = 0; top < rows; top += 8) {
    for (let left = 0; left < columns; left += 8) {
      const block = Float64Array.from({ length: 64 }, (_, index) => {
        const row = Math.min(top + (index >> 3), rows - 1);
        const column = Math.min(left + (index & 7), columns - 1);
        return (samples[row * columns + column] ?? 0) - 2 ** (precision - 1);
      });
      blocks.push(Int16Array.from(forwardDct(block), (value) => Math.round(value / step)));
    }
  }
  return blocks;
}

/** The forward DCT as T.81, A.3.3 defines it, in double precision. */
function forwardDct(block: Float64Array): Float64Array {
  const rowsDone = Float64Array.from({ length: 64 }, (_, index) => project(block, index & 7, 8 * (index >> 3), 1));
  return Float64Array.from({ length: 64 }, (_, index) => project(rowsDone, index >> 3, index & 7, 8));
}

/** cos((2 k + 1) u pi / 16), scaled to make the transform orthonormal: [u, k]. */
const BASIS = Float64Array.from({ length: 64 }, (_, index) => {
  const frequency = index >> 3;
  const scale = frequency === 0 ? Math.SQRT1_2 / 2 : 1 / 2;
  return scale * Math.cos(((2 * (index & 7) + 1) * frequency * Math.PI) / 16);
});

function project(data: Float64Array, frequency: number, start: number, stride: number): number {
  let sum = 0;
  for (let k = 0; k < 8; k += 1) sum += (data[start + k * stride] ?? 0) * (BASIS[8 * frequency + k] ?? 0);
  return sum;
}
