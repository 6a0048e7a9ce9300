import { refuseJpeg } from './jpeg-segments';

/** Codes of up to this many bits are found by one look-up. */
export const LOOK_AHEAD_BITS = 9;

/**
 * A canonical Huffman table (T.81, annex C), laid out for decoding.
 *
 * `lookAhead[next 9 bits]` is `(length << 8) | symbol`, or 0 when the code is longer; then `maxCode[length]` is the largest
 * code of each length (-1 when there is none) and `symbols[code + symbolOffset[length]]` its symbol.
 */
export interface HuffmanTable {
  readonly lookAhead: Uint16Array;
  readonly maxCode: Int32Array;
  readonly symbolOffset: Int32Array;
  readonly symbols: Uint8Array;
}

/**
 * @param counts 16 values: how many codes have 1, 2, ... 16 bits
 * @throws DecodeError IMAGING.CODESTREAM when the counts describe more codes than fit
 */
export function buildHuffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const lookAhead = new Uint16Array(1 << LOOK_AHEAD_BITS);
  const maxCode = new Int32Array(18).fill(-1);
  const symbolOffset = new Int32Array(18);
  let code = 0;
  let next = 0;
  for (let length = 1; length <= 16; length += 1) {
    const count = counts[length - 1] ?? 0;
    symbolOffset[length] = next - code;
    if (code + count > 1 << length) throw refuseJpeg('a Huffman table has too many codes');
    if (length <= LOOK_AHEAD_BITS) {
      const spread = LOOK_AHEAD_BITS - length;
      for (let index = 0; index < count; index += 1) {
        const entry = (length << 8) | (symbols[next + index] ?? 0);
        lookAhead.fill(entry, (code + index) << spread, (code + index + 1) << spread);
      }
    }
    if (count > 0) maxCode[length] = code + count - 1;
    code = (code + count) << 1;
    next += count;
  }
  return { lookAhead, maxCode, symbolOffset, symbols };
}

export interface NamedHuffmanTable {
  /** 0: DC or lossless, 1: AC. */
  readonly class: number;
  readonly id: number;
  readonly table: HuffmanTable;
}

/** Reads a DHT segment, which may hold several tables (T.81, B.2.4.2). */
export function readHuffmanTables(payload: Uint8Array): NamedHuffmanTable[] {
  const tables: NamedHuffmanTable[] = [];
  let at = 0;
  while (at < payload.length) {
    const selector = payload[at] ?? 0;
    const counts = payload.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const symbols = payload.subarray(at + 17, at + 17 + total);
    if (counts.length < 16 || symbols.length < total || total > 256) throw refuseJpeg('a Huffman table is cut short');
    if (selector >> 4 > 1 || (selector & 15) > 3) throw refuseJpeg('a Huffman table has a bad destination');
    tables.push({ class: selector >> 4, id: selector & 15, table: buildHuffmanTable(counts, symbols) });
    at += 17 + total;
  }
  return tables;
}
