import { type Dtype, type NamedTensor } from '@fedistl/core';

/** What a file says of a tensor before its values are read. */
export interface WeightEntry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

/** One network's tensors in a file, by the file's own names and in its order; values are read when asked for. */
export interface WeightSource {
  readonly entries: ReadonlyMap<string, WeightEntry>;
  readonly read: (name: string) => Promise<NamedTensor>;
}
