import { type FrameEncoding, type FrameSamples } from '../encode-frames';
import { DicomWriteError } from '../writer.errors';
import { category, categoryBits, codestream, EntropyWriter, flatTable, frameHeader, segment } from './entropy-writer';

const CATEGORIES = Array.from({ length: 17 }, (_, index) => index);

/** JPEG lossless (T.81, annex H), all components in one scan. @throws DicomWriteError */
export function encodeLosslessJpeg(
  { pixels, samples, precision }: FrameSamples,
  { predictor = 1, restartInterval = 0 }: FrameEncoding,
): Uint8Array {
  const { rows, columns, samplesPerPixel } = pixels;
  if (predictor < 1 || predictor > 7) throw new DicomWriteError(`expected predictor 1 to 7, got ${predictor}`);
  if (precision < 2) throw new DicomWriteError('expected at least 2 bits for JPEG lossless');
  if (restartInterval % columns !== 0) throw new DicomWriteError('expected restart intervals of whole rows');
  const table = flatTable(0x00, CATEGORIES);
  const writer = new EntropyWriter();
  const mask = 2 ** precision - 1;
  const stride = columns * samplesPerPixel;
  let intervals = 0;
  let firstRow = 0;
  for (let at = 0; at < samples.length; at += 1) {
    const row = Math.floor(at / stride);
    if (restartInterval > 0 && at > 0 && (at / samplesPerPixel) % restartInterval === 0) {
      writer.marker(0xd0 + (intervals % 8));
      intervals += 1;
      firstRow = row;
    }
    const predicted = predict({
      samples,
      at,
      row: row - firstRow,
      column: Math.floor((at % stride) / samplesPerPixel),
      stride,
      step: samplesPerPixel,
      precision,
      predictor,
    });
    // Differences are taken modulo 2^16 and lie in -32767 ... 32768 (T.81, H.1.2.2).
    const raw = (((samples[at] ?? 0) & mask) - predicted) & 0xffff;
    const difference = raw > 32768 ? raw - 65536 : raw;
    const size = category(difference);
    writer.put(table.codes.get(size) ?? 0, table.length);
    if (size < 16) writer.put(categoryBits(difference, size), size);
  }
  const scan = [samplesPerPixel, ...Array.from({ length: samplesPerPixel }, (_, index) => [index + 1, 0]).flat()];
  return codestream([
    frameHeader(0xc3, { precision, rows, columns, components: samplesPerPixel }),
    table.dht,
    ...(restartInterval > 0 ? [segment(0xdd, [restartInterval >> 8, restartInterval & 0xff])] : []),
    segment(0xda, [...scan, predictor, 0, 0]),
    writer.finish(),
  ]);
}

interface Neighbourhood {
  readonly samples: Uint8Array | Uint16Array;
  readonly at: number;
  readonly row: number;
  readonly column: number;
  readonly stride: number;
  readonly step: number;
  readonly precision: number;
  readonly predictor: number;
}

function predict({ samples, at, row, column, stride, step, precision, predictor }: Neighbourhood): number {
  if (row === 0 && column === 0) return 2 ** (precision - 1);
  const left = samples[at - step] ?? 0;
  if (row === 0) return left;
  const above = samples[at - stride] ?? 0;
  if (column === 0) return above;
  const corner = samples[at - stride - step] ?? 0;
  const byNumber = [
    left,
    above,
    corner,
    left + above - corner,
    left + ((above - corner) >> 1),
    above + ((left - corner) >> 1),
    (left + above) >> 1,
  ];
  return byNumber[predictor - 1] ?? left;
}
