import { LayoutError } from './layout.errors';
import { shapeSize } from './shape';

export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface LayoutEntry extends NamedShape {
  /** First element in the flat vector, counted in elements. */
  readonly offset: number;
  /** Number of elements. */
  readonly length: number;
}

/** What a layout's hash is taken over: JSON, in order. */
export interface LayoutDescription {
  readonly format: 'fedistl/layout/v1';
  readonly dtype: 'F32';
  readonly size: number;
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/**
 * Ordered named tensors laid end to end in one flat Float32Array, row-major, without padding. Model parameters travel,
 * are clipped, summed and masked in this form.
 */
export class TensorLayout {
  readonly entries: readonly LayoutEntry[];
  /** Elements of the flat vector. */
  readonly size: number;
  readonly #byName: ReadonlyMap<string, LayoutEntry>;

  /** Use `createLayout`. */
  constructor(entries: readonly LayoutEntry[], size: number) {
    this.entries = entries;
    this.size = size;
    this.#byName = new Map(entries.map((entry) => [entry.name, entry]));
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** @throws LayoutError `LAYOUT.UNKNOWN_NAME`. */
  entry(name: string): LayoutEntry {
    const entry = this.#byName.get(name);
    if (!entry) {
      throw new LayoutError(
        'LAYOUT.UNKNOWN_NAME',
        `the layout has no tensor "${name}" among its ${this.entries.length}`,
      );
    }
    return entry;
  }

  /**
   * The part of `flat` that holds tensor `name`; shares memory with it.
   *
   * @throws LayoutError `LAYOUT.UNKNOWN_NAME`, `LAYOUT.SIZE_MISMATCH`.
   */
  view(flat: Float32Array, name: string): Float32Array {
    this.#requireSize(flat);
    const { offset, length } = this.entry(name);
    return flat.subarray(offset, offset + length);
  }

  /**
   * Copies the tensors into one flat vector in layout order.
   *
   * @throws LayoutError `LAYOUT.MISSING_TENSOR`, `LAYOUT.EXTRA_TENSOR`, `LAYOUT.SIZE_MISMATCH`.
   */
  pack(tensors: ReadonlyMap<string, Float32Array>): Float32Array {
    const missing = this.entries.filter(({ name }) => !tensors.has(name)).map(({ name }) => name);
    if (missing.length > 0) {
      throw new LayoutError(
        'LAYOUT.MISSING_TENSOR',
        `${missing.length} tensors are missing, the first "${missing[0]}"`,
        {
          details: { missing: missing.slice(0, 20) },
        },
      );
    }
    for (const name of tensors.keys()) {
      if (!this.#byName.has(name)) {
        throw new LayoutError('LAYOUT.EXTRA_TENSOR', `tensor "${name}" is not in the layout`, { details: { name } });
      }
    }
    const flat = new Float32Array(this.size);
    for (const { name, offset, length } of this.entries) {
      const data = tensors.get(name);
      if (data?.length !== length) {
        throw new LayoutError(
          'LAYOUT.SIZE_MISMATCH',
          `expected tensor "${name}" of ${length} values, got ${data?.length ?? 0}`,
          { details: { name, expected: length, actual: data?.length } },
        );
      }
      flat.set(data, offset);
    }
    return flat;
  }

  /** Views of every tensor, in layout order; they share memory with `flat`. @throws LayoutError `LAYOUT.SIZE_MISMATCH`. */
  unpack(flat: Float32Array): Map<string, Float32Array> {
    this.#requireSize(flat);
    return new Map(this.entries.map(({ name, offset, length }) => [name, flat.subarray(offset, offset + length)]));
  }

  /** Names and shapes in order, as JSON: two layouts are the same exactly when the canonical bytes of this are. */
  describe(): LayoutDescription {
    const tensors = this.entries.map(({ name, shape }) => ({ name, shape: [...shape] }));
    return { format: 'fedistl/layout/v1', dtype: 'F32', size: this.size, tensors };
  }

  #requireSize(flat: Float32Array): void {
    if (flat.length === this.size) return;
    throw new LayoutError('LAYOUT.SIZE_MISMATCH', `expected a vector of ${this.size} values, got ${flat.length}`, {
      details: { expected: this.size, actual: flat.length },
    });
  }
}

/** Longest Float32Array that every current engine can allocate. */
const MAX_SIZE = 2 ** 31 - 1;

/**
 * Lays tensors end to end in the order given.
 *
 * @throws LayoutError `LAYOUT.DUPLICATE_NAME`, `LAYOUT.BAD_NAME`, `LAYOUT.BAD_SHAPE`, `LAYOUT.TOO_LARGE`.
 */
export function createLayout(tensors: readonly NamedShape[]): TensorLayout {
  const seen = new Set<string>();
  let size = 0;
  const entries = tensors.map(({ name, shape }) => {
    if (typeof name !== 'string' || name === '') {
      throw new LayoutError('LAYOUT.BAD_NAME', `expected a non-empty tensor name, got ${JSON.stringify(name)}`);
    }
    if (seen.has(name)) throw new LayoutError('LAYOUT.DUPLICATE_NAME', `tensor "${name}" is listed twice`);
    seen.add(name);
    const length = shapeSize(shape);
    if (length === undefined) {
      throw new LayoutError(
        'LAYOUT.BAD_SHAPE',
        `expected non-negative integer dimensions with a product below 2^53 for tensor "${name}", got [${shape.join(', ')}]`,
      );
    }
    const offset = size;
    size += length;
    if (size > MAX_SIZE) {
      throw new LayoutError(
        'LAYOUT.TOO_LARGE',
        `expected at most ${MAX_SIZE} values in all, passed at tensor "${name}"`,
      );
    }
    return Object.freeze({ name, shape: Object.freeze([...shape]), offset, length });
  });
  return new TensorLayout(Object.freeze(entries), size);
}
