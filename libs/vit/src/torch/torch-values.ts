import { type Dtype } from '@fedistl/core';
import { PickleExtension } from './pickle-values';

/** A PyTorch storage: a flat run of elements in the file. */
export class TorchStorage extends PickleExtension {
  readonly kind = 'storage';

  constructor(
    /** Its entry in the archive. */
    readonly key: string,
    readonly dtype: Dtype,
    readonly elements: number,
  ) {
    super();
  }
}

/** A PyTorch tensor: a strided view of a storage. No data is read until it is asked for. */
export class TorchTensor extends PickleExtension {
  readonly kind = 'tensor';

  constructor(
    readonly storage: TorchStorage,
    /** First element, in elements of the storage. */
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {
    super();
  }

  get dtype(): Dtype {
    return this.storage.dtype;
  }

  /** Number of values. */
  get size(): number {
    return this.shape.reduce((product, side) => product * side, 1);
  }
}
