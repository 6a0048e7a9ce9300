import { BitReader } from './bit-reader';
import { createPlane, type DctPlane, type McuGrid, mcuGrid, reconstruct } from './dct-plane';
import { readAcFirst, readAcRefinement, readProgressiveDc, readSequentialBlock, type ScanComponent } from './dct-scan';
import { EntropyTables, readScanHeader, type ScanHeader } from './entropy-tables';
import { isStartOfFrame, MARKER } from './jpeg-marker';
import { scanUnits } from './scan-units';
import { type JpegFrame, readFrame, readSegment, refuseJpeg } from './jpeg-segments';

/** More scans than any encoder writes: each is a pass over the whole image, so their number bounds the time taken. */
const MAX_SCANS = 256;

interface DecoderState {
  readonly bytes: Uint8Array;
  readonly frame: JpegFrame;
  readonly grid: McuGrid;
  readonly planes: readonly DctPlane[];
  readonly tables: EntropyTables;
  /** Tables in force when a component's first scan began; later redefinitions are for other components. */
  readonly quantisation: (Uint16Array | undefined)[];
}

/**
 * Decodes a DCT-based JPEG codestream (ITU-T T.81): baseline, extended sequential and progressive with Huffman coding, 8 or
 * 12 bits a sample. Needed for 12 bits, for which no maintained package of the npm registry gives the reference decoder's
 * samples.
 *
 * @param bytes a codestream whose geometry was checked
 * @returns [rows, columns, components], samples interleaved, without colour conversion
 * @throws DecodeError IMAGING.CODESTREAM
 */
export function decodeDctJpeg(bytes: Uint8Array): { frame: JpegFrame; samples: Uint8Array | Uint16Array } {
  const tables = new EntropyTables();
  let state: DecoderState | undefined;
  let position = 2;
  for (let scans = 0; ;) {
    if (position >= bytes.length) {
      // A sequential image is complete once each component had its scan; of a progressive one this cannot be known.
      if (state === undefined || state.frame.marker === MARKER.SOF2) throw refuseJpeg('the codestream has no end');
      break;
    }
    const segment = readSegment(bytes, position);
    position = segment.end;
    if (segment.marker === MARKER.EOI) break;
    if (isStartOfFrame(segment.marker)) {
      if (state !== undefined) throw refuseJpeg('expected one frame, got a second one');
      state = startFrame(bytes, readFrame(segment), tables);
    } else if (segment.marker === MARKER.SOS) {
      if (state === undefined) throw refuseJpeg('a scan comes before the frame header');
      scans += 1;
      if (scans > MAX_SCANS) throw refuseJpeg(`expected at most ${MAX_SCANS} scans`);
      const header = readScanHeader(
        segment,
        state.frame.components.map((component) => component.id),
      );
      position = nextMarker(bytes, decodeScan(state, header, position));
    } else tables.apply(segment);
  }
  if (state === undefined) throw refuseJpeg('the codestream has no frame');
  return { frame: state.frame, samples: interleave(state) };
}

function startFrame(bytes: Uint8Array, frame: JpegFrame, tables: EntropyTables): DecoderState {
  const huffmanDct: number[] = [MARKER.SOF0, MARKER.SOF1, MARKER.SOF2];
  if (!huffmanDct.includes(frame.marker)) throw refuseJpeg('expected a Huffman-coded DCT process, got another');
  if (frame.precision !== 8 && frame.precision !== 12)
    throw refuseJpeg(`expected 8 or 12 bits, got ${frame.precision}`);
  const grid = mcuGrid(frame);
  const planes = frame.components.map((component) => createPlane(frame, grid, component));
  return { bytes, frame, grid, planes, tables, quantisation: [] };
}

/** Some writers pad a scan's data; decoders of the field skip to the next marker. */
function nextMarker(bytes: Uint8Array, from: number): number {
  let position = from;
  while (position < bytes.length && !(bytes[position] === 0xff && (bytes[position + 1] ?? 0) !== 0)) position += 1;
  return position;
}

/** Decodes one scan; gives the position of the marker that ends it. */
function decodeScan(state: DecoderState, header: ScanHeader, position: number): number {
  const { frame, planes, tables, quantisation } = state;
  const progressive = frame.marker === MARKER.SOF2;
  if (progressive) checkBand(header);
  const bits = new BitReader(state.bytes, position);
  const parts = header.components.map(({ index, dc, ac }) => {
    const plane = planes[index];
    if (plane === undefined) throw refuseJpeg('a scan names a component that the frame lacks');
    quantisation[index] ??= tables.quantisation[plane.component.quantisationTable];
    const scan: ScanComponent = { dc: tables.dc[dc], ac: tables.ac[ac], prediction: 0 };
    return { plane, scan };
  });
  const run = { remaining: 0 };
  const readBlock = ({ plane, scan }: (typeof parts)[number], row: number, column: number): void => {
    const start = 64 * (row * plane.blockStride + column);
    const out = plane.coefficients;
    if (!progressive) readSequentialBlock(bits, scan, out, start);
    else if (header.first === 0) readProgressiveDc(bits, scan, header, out, start);
    else if (header.high === 0) readAcFirst(bits, { ac: scan.ac, run, band: header }, out, start);
    else readAcRefinement(bits, { ac: scan.ac, run, band: header }, out, start);
  };
  const units = scanUnits(
    state.grid,
    parts.map(({ plane }) => plane),
  );
  for (let unit = 0; unit < units.count; unit += 1) {
    if (tables.restartInterval > 0 && unit > 0 && unit % tables.restartInterval === 0) {
      bits.restart();
      run.remaining = 0;
      for (const { scan } of parts) scan.prediction = 0;
    }
    parts.forEach((part, index) => {
      units.visit(unit, index, (row, column) => {
        readBlock(part, row, column);
      });
    });
    bits.checkNotSpent();
  }
  return bits.position;
}

function checkBand({ components, first, last, high, low }: ScanHeader): void {
  const good = first === 0 ? last === 0 : first <= last && last <= 63 && components.length === 1;
  if (!good || low > 13 || (high !== 0 && high !== low + 1)) throw refuseJpeg('a progressive scan has a bad band');
}

function interleave({ frame, grid, planes, quantisation }: DecoderState): Uint8Array | Uint16Array {
  const { rows, columns, precision } = frame;
  const count = planes.length;
  const size = rows * columns * count;
  const samples = precision > 8 ? new Uint16Array(size) : new Uint8Array(size);
  planes.forEach((plane, index) => {
    const steps = quantisation[index];
    if (steps === undefined) throw refuseJpeg('a component has no scan or no quantisation table');
    const source = reconstruct(plane, steps, precision);
    const stride = 8 * plane.blockStride;
    const { horizontal, vertical } = plane.component;
    for (let row = 0; row < rows; row += 1) {
      const from = Math.floor((row * vertical) / grid.vertical) * stride;
      const to = row * columns * count + index;
      for (let column = 0; column < columns; column += 1) {
        samples[to + column * count] = source[from + Math.floor((column * horizontal) / grid.horizontal)] ?? 0;
      }
    }
  });
  return samples;
}
