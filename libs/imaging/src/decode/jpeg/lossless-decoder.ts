import { BitReader } from './bit-reader';
import { EntropyTables, readScanHeader, type ScanHeader } from './entropy-tables';
import { type HuffmanTable } from './huffman-table';
import { isStartOfFrame, MARKER } from './jpeg-marker';
import { type JpegFrame, readFrame, readSegment, refuseJpeg } from './jpeg-segments';

interface LosslessScan {
  readonly frame: JpegFrame;
  readonly header: ScanHeader;
  readonly tables: readonly HuffmanTable[];
  readonly restartInterval: number;
}

/**
 * Decodes a lossless JPEG codestream (ITU-T T.81, annex H): predictors 1 to 7, point transform, 2 to 16 bits, all components
 * in one scan or one scan each.
 *
 * @returns [rows, columns, components], samples interleaved
 * @throws DecodeError IMAGING.CODESTREAM
 */
export function decodeLosslessJpeg(bytes: Uint8Array): { frame: JpegFrame; samples: Uint8Array | Uint16Array } {
  const tables = new EntropyTables();
  let frame: JpegFrame | undefined;
  let samples: Uint8Array | Uint16Array | undefined;
  let missing = new Set<number>();
  let position = 2;
  while (frame === undefined || missing.size > 0) {
    const segment = readSegment(bytes, position);
    position = segment.end;
    if (segment.marker === MARKER.EOI) throw refuseJpeg('the codestream ends before its scans');
    if (isStartOfFrame(segment.marker)) {
      frame = checkedFrame(readFrame(segment), frame);
      missing = new Set(frame.components.keys());
      const size = frame.rows * frame.columns * frame.components.length;
      samples = frame.precision > 8 ? new Uint16Array(size) : new Uint8Array(size);
    } else if (segment.marker === MARKER.SOS) {
      if (frame === undefined || samples === undefined) throw refuseJpeg('a scan comes before the frame header');
      const header = readScanHeader(
        segment,
        frame.components.map((component) => component.id),
      );
      const bits = new BitReader(bytes, position);
      decodeScan(
        bits,
        { frame, header, tables: tablesOf(header, tables), restartInterval: tables.restartInterval },
        samples,
      );
      position = bits.position;
      for (const { index } of header.components) missing.delete(index);
    } else tables.apply(segment);
  }
  if (samples === undefined) throw refuseJpeg('the codestream has no frame');
  return { frame, samples };
}

function checkedFrame(frame: JpegFrame, earlier: JpegFrame | undefined): JpegFrame {
  if (earlier !== undefined) throw refuseJpeg('expected one frame, got a second one');
  if (frame.marker !== MARKER.SOF3) throw refuseJpeg('expected the lossless Huffman process, got another');
  if (frame.precision < 2 || frame.precision > 16) throw refuseJpeg(`expected 2 to 16 bits, got ${frame.precision}`);
  if (frame.components.some(({ horizontal, vertical }) => horizontal !== 1 || vertical !== 1)) {
    throw refuseJpeg('expected lossless components without subsampling');
  }
  return frame;
}

function tablesOf(header: ScanHeader, tables: EntropyTables): HuffmanTable[] {
  return header.components.map(({ dc }) => {
    const table = tables.dc[dc];
    if (table === undefined) throw refuseJpeg('a scan names a Huffman table that was not given');
    return table;
  });
}

/** Prediction from the left (a), upper (b) and upper left (c) neighbour (T.81, table H.1). */
function predict(selection: number, a: number, b: number, c: number): number {
  switch (selection) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}

function decodeScan(
  bits: BitReader,
  { frame, header, tables, restartInterval }: LosslessScan,
  samples: Uint8Array | Uint16Array,
): void {
  const { rows, columns, precision } = frame;
  const { first: selection, low: pointTransform } = header;
  if (selection < 1 || selection > 7) throw refuseJpeg(`expected predictor 1 to 7, got ${selection}`);
  if (pointTransform >= precision)
    throw refuseJpeg(`expected a point transform below ${precision}, got ${pointTransform}`);
  const step = frame.components.length;
  const stride = columns * step;
  const start = 1 << (precision - pointTransform - 1);
  const mask = 0xffff >> pointTransform;
  let untilRestart = restartInterval;
  // Row (and column) where prediction starts afresh: the first one, or the one after a restart marker (T.81, H.1.2.1).
  let freshRow = 0;
  let freshColumn = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (restartInterval > 0 && untilRestart === 0) {
        bits.restart();
        untilRestart = restartInterval;
        freshRow = row;
        freshColumn = column;
      }
      untilRestart -= 1;
      for (let part = 0; part < tables.length; part += 1) {
        const table = tables[part];
        if (table === undefined) continue;
        const at = row * stride + column * step + (header.components[part]?.index ?? 0);
        let predicted: number;
        if (row === freshRow && column === freshColumn) predicted = start;
        else if (row === freshRow) predicted = (samples[at - step] ?? 0) >> pointTransform;
        else if (column === 0) predicted = (samples[at - stride] ?? 0) >> pointTransform;
        else {
          const a = (samples[at - step] ?? 0) >> pointTransform;
          const b = (samples[at - stride] ?? 0) >> pointTransform;
          const c = (samples[at - stride - step] ?? 0) >> pointTransform;
          predicted = predict(selection, a, b, c);
        }
        const category = bits.symbol(table);
        if (category > 16) throw refuseJpeg('a difference has more than 16 bits');
        // Category 16 stands for 32768 and has no further bits (T.81, H.1.2.2).
        const difference = category === 16 ? 32768 : bits.signed(category);
        samples[at] = ((predicted + difference) & mask) << pointTransform;
      }
    }
    bits.checkNotSpent();
  }
}
