import { concatenate } from '../encode-data-set';

/** Writes entropy-coded bits, most significant first, with a zero stuffed after each 0xFF (T.81, F.1.2.3). */
export class EntropyWriter {
  readonly #bytes: number[] = [];
  #buffer = 0;
  #count = 0;

  put(value: number, length: number): void {
    for (let bit = length - 1; bit >= 0; bit -= 1) {
      this.#buffer = (this.#buffer << 1) | ((value >> bit) & 1);
      this.#count += 1;
      if (this.#count === 8) this.#flush();
    }
  }

  #flush(): void {
    this.#bytes.push(this.#buffer);
    if (this.#buffer === 0xff) this.#bytes.push(0);
    this.#buffer = 0;
    this.#count = 0;
  }

  /** Fills the last byte with ones and adds a marker. */
  marker(code: number): void {
    while (this.#count > 0) this.put(1, 1);
    this.#bytes.push(0xff, code);
  }

  finish(): Uint8Array {
    while (this.#count > 0) this.put(1, 1);
    return Uint8Array.from(this.#bytes);
  }
}

/** A marker with its payload and length. */
export function segment(marker: number, payload: readonly number[]): Uint8Array {
  const length = payload.length + 2;
  return Uint8Array.of(0xff, marker, length >> 8, length & 0xff, ...payload);
}

/** A start of frame with unsubsampled components. */
export function frameHeader(
  marker: number,
  {
    precision,
    rows,
    columns,
    components,
  }: {
    readonly precision: number;
    readonly rows: number;
    readonly columns: number;
    readonly components: number;
  },
): Uint8Array {
  const parts = Array.from({ length: components }, (_, index) => [index + 1, 0x11, 0]).flat();
  return segment(marker, [precision, rows >> 8, rows & 0xff, columns >> 8, columns & 0xff, components, ...parts]);
}

/** SOI, the parts, EOI. */
export function codestream(parts: readonly Uint8Array[]): Uint8Array {
  return concatenate([Uint8Array.of(0xff, 0xd8), ...parts, Uint8Array.of(0xff, 0xd9)]);
}

/** Bits needed for a difference or coefficient, and the bits themselves (T.81, F.1.2.1). */
export function category(value: number): number {
  return 32 - Math.clz32(Math.abs(value));
}

export function categoryBits(value: number, size: number): number {
  return value < 0 ? value + (1 << size) - 1 : value;
}

/**
 * A Huffman table in which every symbol has a code of the same length: it packs worse than a fitted one and needs no pass
 * over the data first. `codes[symbol]` is the symbol's code; lengths leave the all-ones code unused, as T.81 demands.
 */
export function flatTable(
  selector: number,
  symbols: readonly number[],
): { readonly dht: Uint8Array; readonly codes: ReadonlyMap<number, number>; readonly length: number } {
  const length = category(symbols.length);
  const counts = Array.from({ length: 16 }, (_, index) => (index + 1 === length ? symbols.length : 0));
  return {
    dht: segment(0xc4, [selector, ...counts.map((count) => count & 0xff), ...symbols]),
    codes: new Map(symbols.map((symbol, index) => [symbol, index])),
    length,
  };
}
