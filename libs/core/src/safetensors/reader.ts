import { toData } from './decode';
import { dtypeSize, type TensorData } from './dtype';
import { headerLength, parseHeader, PREFIX_BYTES, type SafetensorsHeader } from './header';
import { quoted, type SafetensorsEntry } from './header-entry';
import { type SafetensorsLimits } from './limits';
import { SafetensorsError } from './safetensors.errors';
import { type NamedTensor } from './tensor';

/** Bytes that can be read anywhere: a file, a blob store's range request, memory. */
export interface RandomAccessSource {
  /** In bytes. */
  readonly size: number;
  /** The `length` bytes from `offset`, in an array that the caller may keep; fewer only where the source has ended. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** An open safetensors file whose header has been checked; tensors are read when asked for. */
export class SafetensorsReader {
  readonly header: SafetensorsHeader;
  readonly #source: RandomAccessSource;

  /** Use `openSafetensors`. */
  constructor(header: SafetensorsHeader, source: RandomAccessSource) {
    this.header = header;
    this.#source = source;
  }

  get metadata(): Readonly<Record<string, string>> {
    return this.header.metadata;
  }

  /** Names in the order of the header. */
  get names(): readonly string[] {
    return [...this.header.entries.keys()];
  }

  /** @throws SafetensorsError `SAFETENSORS.UNKNOWN_TENSOR`. */
  entry(name: string): SafetensorsEntry {
    const entry = this.header.entries.get(name);
    if (!entry) throw new SafetensorsError('SAFETENSORS.UNKNOWN_TENSOR', `the file has no tensor ${quoted(name)}`);
    return entry;
  }

  /** @throws SafetensorsError `SAFETENSORS.UNKNOWN_TENSOR`, `SAFETENSORS.TRUNCATED`, `SAFETENSORS.BAD_BOOL`. */
  async readTensor(name: string): Promise<NamedTensor> {
    const { dtype, shape, begin, end } = this.entry(name);
    const bytes = await readExactly(this.#source, this.header.dataStart + begin, end - begin);
    return { name, dtype, shape, data: toData(name, dtype, bytes) };
  }

  /**
   * `count` elements of tensor `name` from element `first` on, flat.
   *
   * @throws SafetensorsError as `readTensor`, and `SAFETENSORS.BAD_RANGE` when the tensor does not hold them.
   */
  async readRange(name: string, first: number, count: number): Promise<TensorData> {
    const { dtype, begin, end } = this.entry(name);
    const elements = (end - begin) / dtypeSize(dtype);
    const isInside = Number.isSafeInteger(first) && Number.isSafeInteger(count) && first >= 0 && count >= 0;
    if (!isInside || first + count > elements) {
      throw new SafetensorsError(
        'SAFETENSORS.BAD_RANGE',
        `expected a range within the ${elements} values of tensor ${quoted(name)}, got ${count} from ${first} on`,
      );
    }
    const offset = this.header.dataStart + begin + first * dtypeSize(dtype);
    return toData(name, dtype, await readExactly(this.#source, offset, count * dtypeSize(dtype)));
  }
}

/**
 * Opens a safetensors file: reads and checks the header, nothing else. Its length is checked against `limits` and the size
 * of the source before it is read.
 *
 * @throws SafetensorsError: see docs/errors/core.md.
 */
export async function openSafetensors(
  source: RandomAccessSource,
  limits: SafetensorsLimits = {},
): Promise<SafetensorsReader> {
  const prefix = await readExactly(source, 0, Math.min(PREFIX_BYTES, source.size));
  const length = headerLength(prefix, source.size, limits);
  const header = await readExactly(source, PREFIX_BYTES, length);
  return new SafetensorsReader(parseHeader(header, source.size, limits), source);
}

async function readExactly(source: RandomAccessSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = length === 0 ? new Uint8Array(0) : await source.read(offset, length);
  if (bytes.length === length) return bytes;
  throw new SafetensorsError(
    'SAFETENSORS.TRUNCATED',
    `expected ${length} bytes at offset ${offset}, the source gave ${bytes.length}; did the file change while it was read?`,
  );
}
