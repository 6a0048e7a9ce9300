import { type HuffmanTable, LOOK_AHEAD_BITS } from './huffman-table';
import { MARKER } from './jpeg-marker';
import { refuseJpeg } from './jpeg-segments';

/**
 * Reads entropy-coded bits (T.81, F.2.2.5): most significant first, with a zero byte stuffed after each 0xFF.
 *
 * At a marker or at the end of the data it gives zero bits, as every decoder must be able to look ahead; `checkNotSpent`
 * tells when such bits were used up, that is, when the data ended too early.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  #position: number;
  /** The low `#count` bits are unread. */
  #buffer = 0;
  #count = 0;
  /** How many of the unread bits are invented zeros. */
  #invented = 0;

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.#position = position;
  }

  /** Position of the next marker once the scan's data are used up. */
  get position(): number {
    return this.#position;
  }

  #fill(): void {
    while (this.#count <= 16) {
      let byte = this.#bytes[this.#position] ?? -1;
      if (byte === 0xff && this.#bytes[this.#position + 1] === 0) this.#position += 2;
      else if (byte === 0xff) byte = -1;
      else if (byte >= 0) this.#position += 1;
      if (byte < 0) {
        this.#invented += 8;
        byte = 0;
      }
      this.#buffer = ((this.#buffer << 8) | byte) & 0xffffff;
      this.#count += 8;
    }
  }

  /** The next symbol of a Huffman table. */
  symbol(table: HuffmanTable): number {
    if (this.#count < 16) this.#fill();
    const ahead = (this.#buffer >> (this.#count - LOOK_AHEAD_BITS)) & ((1 << LOOK_AHEAD_BITS) - 1);
    const entry = table.lookAhead[ahead] ?? 0;
    if (entry !== 0) {
      this.#count -= entry >> 8;
      return entry & 0xff;
    }
    for (let length = LOOK_AHEAD_BITS + 1; length <= 16; length += 1) {
      const code = (this.#buffer >> (this.#count - length)) & ((1 << length) - 1);
      if (code <= (table.maxCode[length] ?? -1)) {
        this.#count -= length;
        return table.symbols[code + (table.symbolOffset[length] ?? 0)] ?? 0;
      }
    }
    throw refuseJpeg('the data have a code that the Huffman table lacks');
  }

  /** The next `length` bits, 0 to 16, as an unsigned number. */
  bits(length: number): number {
    if (length === 0) return 0;
    if (this.#count < length) this.#fill();
    this.#count -= length;
    return (this.#buffer >> this.#count) & ((1 << length) - 1);
  }

  bit(): number {
    if (this.#count < 1) this.#fill();
    this.#count -= 1;
    return (this.#buffer >> this.#count) & 1;
  }

  /** A number of the given magnitude category (T.81, F.2.2.1, EXTEND). */
  signed(category: number): number {
    if (category === 0) return 0;
    const value = this.bits(category);
    return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
  }

  /** @throws DecodeError IMAGING.CODESTREAM when more bits were read than the data have */
  checkNotSpent(): void {
    if (this.#count < this.#invented) throw refuseJpeg('the entropy-coded data end too early');
  }

  /** Drops what is left of the current byte and steps over a restart marker. */
  restart(): void {
    this.checkNotSpent();
    this.#buffer = 0;
    this.#count = 0;
    this.#invented = 0;
    while (this.#bytes[this.#position] === 0xff && this.#bytes[this.#position + 1] === 0xff) this.#position += 1;
    const marker = this.#bytes[this.#position + 1] ?? 0;
    if (this.#bytes[this.#position] !== 0xff || marker < MARKER.RST0 || marker > MARKER.RST7) {
      throw refuseJpeg('expected a restart marker');
    }
    this.#position += 2;
  }
}
