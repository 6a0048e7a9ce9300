import { type HuffmanTable, readHuffmanTables } from './huffman-table';
import { MARKER } from './jpeg-marker';
import { type JpegSegment, refuseJpeg } from './jpeg-segments';
import { ZIGZAG } from './dct-scan';

/** Tables and settings that marker segments between scans may change. */
export class EntropyTables {
  readonly dc: (HuffmanTable | undefined)[] = [];
  readonly ac: (HuffmanTable | undefined)[] = [];
  /** Steps in natural order. */
  readonly quantisation: (Uint16Array | undefined)[] = [];
  restartInterval = 0;

  /** Takes over what a segment defines; segments of other kinds (APPn, COM) change nothing. */
  apply({ marker, payload }: JpegSegment): void {
    if (marker === MARKER.DHT) {
      for (const { class: kind, id, table } of readHuffmanTables(payload)) (kind === 0 ? this.dc : this.ac)[id] = table;
    } else if (marker === MARKER.DQT) this.#readQuantisation(payload);
    else if (marker === MARKER.DRI) this.restartInterval = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
  }

  #readQuantisation(payload: Uint8Array): void {
    let at = 0;
    while (at < payload.length) {
      const selector = payload[at] ?? 0;
      const wide = selector >> 4 === 1;
      at += 1;
      if (at + (wide ? 128 : 64) > payload.length) throw refuseJpeg('a quantisation table is cut short');
      const steps = new Uint16Array(64);
      for (let k = 0; k < 64; k += 1) {
        const step = wide ? ((payload[at + 2 * k] ?? 0) << 8) | (payload[at + 2 * k + 1] ?? 0) : (payload[at + k] ?? 0);
        steps[ZIGZAG[k] ?? 0] = step;
      }
      this.quantisation[selector & 15] = steps;
      at += wide ? 128 : 64;
    }
  }
}

export interface ScanHeader {
  /** [index into the frame's components, DC table, AC table]. */
  readonly components: readonly { readonly index: number; readonly dc: number; readonly ac: number }[];
  /** First and last coefficient of the band; of a lossless scan, `first` is the predictor. */
  readonly first: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
}

/** Reads a scan header (T.81, B.2.3). @param ids component identifiers of the frame */
export function readScanHeader({ payload }: JpegSegment, ids: readonly number[]): ScanHeader {
  const count = payload[0] ?? 0;
  if (count < 1 || count > 4 || payload.length < 4 + 2 * count) throw refuseJpeg('a scan header is malformed');
  const components = Array.from({ length: count }, (_, position) => {
    const index = ids.indexOf(payload[1 + 2 * position] ?? 0);
    if (index < 0) throw refuseJpeg('a scan names a component that the frame lacks');
    const tables = payload[2 + 2 * position] ?? 0;
    return { index, dc: tables >> 4, ac: tables & 15 };
  });
  const at = 1 + 2 * count;
  const approximation = payload[at + 2] ?? 0;
  return {
    components,
    first: payload[at] ?? 0,
    last: payload[at + 1] ?? 0,
    high: approximation >> 4,
    low: approximation & 15,
  };
}
