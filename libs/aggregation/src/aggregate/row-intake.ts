import { type StreamingHash } from '@fedistl/crypto';
import { createValueDecoder, type ValueDecoder } from '../encoding/decode-values';
import { type BlockKernels, sumLanes } from '../kernels/block-kernels';
import { type UpdateBlobLayout } from '../update/update-blob';
import { type SiteReading } from './pass';

export interface RowIntakeOptions {
  readonly layout: UpdateBlobLayout;
  readonly scale: number;
  readonly hash: StreamingHash;
  readonly kernels: BlockKernels;
}

/**
 * Takes one update's bytes in order, and makes of them rows of float32, the hash of the blob and the norm. What is folded is
 * therefore what was hashed: the same bytes, read once.
 */
export class RowIntake {
  readonly #decoder: ValueDecoder;
  readonly #lanes = new Float64Array(4);
  /** Where the next bytes lie in the blob. */
  offset: number;

  constructor(private readonly options: RowIntakeOptions) {
    this.#decoder = createValueDecoder(options.layout.encoding);
    this.offset = 0;
  }

  /** Bytes of header and centre, to be given to `skip` first. */
  get leadingBytes(): number {
    return this.options.layout.updateOffset;
  }

  /** Float32 bytes may be read straight into the row's memory. */
  get isPlain(): boolean {
    return this.options.layout.encoding.name === 'float32';
  }

  /** Bytes to read next for `count` values. */
  bytesFor(count: number): number {
    return this.#decoder.bytesFor(count);
  }

  /** Bytes that are hashed and not decoded. */
  skip(bytes: Uint8Array): void {
    this.options.hash.update(bytes);
    this.offset += bytes.length;
  }

  /** The next `row.length` values; `bytes` is exactly what `bytesFor` asked, perhaps the row's own memory. */
  take(bytes: Uint8Array, row: Float32Array): void {
    const { hash, kernels, scale } = this.options;
    hash.update(bytes);
    this.offset += bytes.length;
    const isInPlace = bytes.buffer === row.buffer && bytes.byteOffset === row.byteOffset;
    if (!isInPlace) this.#decoder.decode(bytes, row.length, row);
    kernels.addSquares(row, this.#lanes);
    if (scale !== 1) for (let i = 0; i < row.length; i++) row[i] = scale * (row[i] ?? 0);
  }

  /** After the last byte. */
  finish(): SiteReading {
    return { digest: this.options.hash.digest(), squaredNorm: sumLanes(this.#lanes) };
  }
}
