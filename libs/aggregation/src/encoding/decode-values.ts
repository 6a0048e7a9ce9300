import { type TransferEncoding } from '@fedistl/protocol';
import { scaleBytes } from './encoding-size';
import { float16Table } from './float16-table';

/**
 * Reads encoded values front to back, in pieces of any size. Holds what a piece leaves over of the last int8 block, so that
 * piece boundaries need not fall on block boundaries.
 */
export interface ValueDecoder {
  /** Bytes that must be read next, right after those read before, to have `count` more values. */
  bytesFor(count: number): number;
  /** Writes the next `count` values to `out`. `bytes` has exactly `bytesFor(count)` bytes. */
  decode(bytes: Uint8Array, count: number, out: Float32Array): void;
}

/** A decoder at the first value. */
export function createValueDecoder(encoding: TransferEncoding): ValueDecoder {
  switch (encoding.name) {
    case 'float32':
      return { bytesFor: (count) => 4 * count, decode: decodeFloat32 };
    case 'float16':
      return { bytesFor: (count) => 2 * count, decode: decodeFloat16 };
    case 'bfloat16':
      return { bytesFor: (count) => 2 * count, decode: decodeBfloat16 };
    case 'int8-block':
      return new Int8Decoder(encoding.blockLength);
  }
}

function decodeFloat32(bytes: Uint8Array, count: number, out: Float32Array): void {
  new Uint8Array(out.buffer, out.byteOffset, 4 * count).set(bytes);
}

/** The bytes as 16-bit words; copied only where they do not lie on a word boundary. */
function words(bytes: Uint8Array, count: number): Uint16Array {
  if (bytes.byteOffset % 2 === 0) return new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  return new Uint16Array(Uint8Array.from(bytes).buffer);
}

function decodeFloat16(bytes: Uint8Array, count: number, out: Float32Array): void {
  const table = float16Table();
  const halves = words(bytes, count);
  for (let i = 0; i < count; i++) out[i] = table[halves[i] ?? 0] ?? 0;
}

function decodeBfloat16(bytes: Uint8Array, count: number, out: Float32Array): void {
  const halves = words(bytes, count);
  const bits = new Uint32Array(out.buffer, out.byteOffset, count);
  for (let i = 0; i < count; i++) bits[i] = (halves[i] ?? 0) << 16;
}

class Int8Decoder implements ValueDecoder {
  /** Decoded values of the current block, and how many of them were handed out. */
  readonly #block: Float32Array;
  #used: number;

  constructor(private readonly blockLength: number) {
    this.#block = new Float32Array(blockLength);
    this.#used = blockLength;
  }

  bytesFor(count: number): number {
    const missing = Math.max(0, count - (this.blockLength - this.#used));
    return Math.ceil(missing / this.blockLength) * (scaleBytes + this.blockLength);
  }

  decode(bytes: Uint8Array, count: number, out: Float32Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let written = 0;
    for (let at = 0; written < count;) {
      if (this.#used === this.blockLength) {
        this.#readBlock(view, at);
        at += scaleBytes + this.blockLength;
      }
      const take = Math.min(count - written, this.blockLength - this.#used);
      out.set(this.#block.subarray(this.#used, this.#used + take), written);
      this.#used += take;
      written += take;
    }
  }

  #readBlock(view: DataView, at: number): void {
    const scale = view.getFloat32(at, true);
    for (let i = 0; i < this.blockLength; i++) this.#block[i] = scale * view.getInt8(at + scaleBytes + i);
    this.#used = 0;
  }
}
