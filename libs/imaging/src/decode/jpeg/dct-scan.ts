import { type BitReader } from './bit-reader';
import { type HuffmanTable } from './huffman-table';
import { refuseJpeg } from './jpeg-segments';

/** Position in the natural order of the k-th coefficient of the zigzag (T.81, figure A.6). */
export const ZIGZAG = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21],
  ...[28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61],
  ...[54, 47, 55, 62, 63],
);

/** What a scan's header says of its coefficients (T.81, B.2.3 and G.1.1.1): band and successive approximation. */
export interface ScanBand {
  readonly first: number;
  readonly last: number;
  /** Bit position of the previous scan of this band; 0 for its first scan. */
  readonly high: number;
  readonly low: number;
}

/** Entropy state of one component within a scan. */
export interface ScanComponent {
  readonly dc: HuffmanTable | undefined;
  readonly ac: HuffmanTable | undefined;
  prediction: number;
}

/** End-of-band run: blocks still to come that have no new coefficients in this band (T.81, G.1.2.2). */
export interface BandRun {
  remaining: number;
}

function table(found: HuffmanTable | undefined): HuffmanTable {
  if (found === undefined) throw refuseJpeg('a scan names a Huffman table that was not given');
  return found;
}

/** All 64 coefficients of a sequential block (T.81, F.2.2). */
export function readSequentialBlock(bits: BitReader, scan: ScanComponent, out: Int16Array, start: number): void {
  readDc(bits, scan, out, start, 0);
  const ac = table(scan.ac);
  for (let k = 1; k < 64; k += 1) {
    const symbol = bits.symbol(ac);
    const size = symbol & 15;
    const run = symbol >> 4;
    if (size === 0) {
      if (run !== 15) break;
      k += 15;
      continue;
    }
    k += run;
    if (k > 63) throw refuseJpeg('a block has more than 64 coefficients');
    out[start + (ZIGZAG[k] ?? 0)] = bits.signed(size);
  }
}

function readDc(bits: BitReader, scan: ScanComponent, out: Int16Array, start: number, low: number): void {
  const category = bits.symbol(table(scan.dc));
  if (category > 16) throw refuseJpeg('a DC difference has more than 16 bits');
  scan.prediction += bits.signed(category);
  out[start] = scan.prediction << low;
}

/** DC coefficient of a progressive block: its first bits, or one bit more (T.81, G.1.2.1). */
export function readProgressiveDc(
  bits: BitReader,
  scan: ScanComponent,
  { high, low }: ScanBand,
  out: Int16Array,
  start: number,
): void {
  if (high === 0) readDc(bits, scan, out, start, low);
  else if (bits.bit() === 1) out[start] = (out[start] ?? 0) | (1 << low);
}

/** First scan of a band of AC coefficients (T.81, G.1.2.2). */
export function readAcFirst(
  bits: BitReader,
  { ac, run, band }: { readonly ac: HuffmanTable | undefined; readonly run: BandRun; readonly band: ScanBand },
  out: Int16Array,
  start: number,
): void {
  if (run.remaining > 0) {
    run.remaining -= 1;
    return;
  }
  const codes = table(ac);
  for (let k = band.first; k <= band.last; k += 1) {
    const symbol = bits.symbol(codes);
    const size = symbol & 15;
    const zeros = symbol >> 4;
    if (size === 0 && zeros < 15) {
      run.remaining = (1 << zeros) - 1 + bits.bits(zeros);
      break;
    }
    k += zeros;
    if (size === 0) continue;
    if (k > band.last) throw refuseJpeg('a band has more coefficients than its scan announces');
    out[start + (ZIGZAG[k] ?? 0)] = bits.signed(size) << band.low;
  }
}

/** Later scan of a band: one more bit of each non-zero coefficient, and coefficients that become non-zero (T.81, G.1.2.3). */
export function readAcRefinement(
  bits: BitReader,
  { ac, run, band }: { readonly ac: HuffmanTable | undefined; readonly run: BandRun; readonly band: ScanBand },
  out: Int16Array,
  start: number,
): void {
  const step = 1 << band.low;
  let k = band.first;
  if (run.remaining === 0) {
    const codes = table(ac);
    for (; k <= band.last; k += 1) {
      const symbol = bits.symbol(codes);
      const size = symbol & 15;
      const zeros = symbol >> 4;
      if (size > 1) throw refuseJpeg('a refinement gives a coefficient more than one bit');
      if (size === 0 && zeros < 15) {
        run.remaining = (1 << zeros) + bits.bits(zeros);
        break;
      }
      const fresh = size === 0 ? 0 : bits.bit() === 1 ? step : -step;
      k = refineUntil(bits, out, start, { from: k, last: band.last, zeros, step });
      if (fresh !== 0 && k <= band.last) out[start + (ZIGZAG[k] ?? 0)] = fresh;
    }
  }
  if (run.remaining > 0) {
    refineUntil(bits, out, start, { from: k, last: band.last, zeros: 64, step });
    run.remaining -= 1;
  }
}

/** Refines non-zero coefficients until `zeros` zero ones were passed; gives the position of the next zero one. */
function refineUntil(
  bits: BitReader,
  out: Int16Array,
  start: number,
  {
    from,
    last,
    zeros,
    step,
  }: { readonly from: number; readonly last: number; readonly zeros: number; readonly step: number },
): number {
  let left = zeros;
  let k = from;
  for (; k <= last; k += 1) {
    const at = start + (ZIGZAG[k] ?? 0);
    const value = out[at] ?? 0;
    if (value === 0) {
      if (left === 0) break;
      left -= 1;
    } else if (bits.bit() === 1 && (value & step) === 0) {
      out[at] = value + (value > 0 ? step : -step);
    }
  }
  return k;
}
