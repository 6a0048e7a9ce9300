/**
 * Plain data that a pickle can hold here. Containers keep their Python kind, because PyTorch's format cares; nothing in it
 * is callable and no value has behaviour of its own.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleSet
  | PickleGlobal
  | PickleRecord
  | PickleExtension;

export class PickleList {
  readonly items: PickleValue[] = [];
}

export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** A dict or OrderedDict. `attributes` is what a pickle sets on the object itself (PyTorch's `_metadata`). */
export class PickleDict {
  readonly entries = new Map<PickleValue, PickleValue>();
  attributes: PickleValue = null;
}

export class PickleSet {
  readonly items = new Set<PickleValue>();
}

/** A name from the allow-list, such as a storage class, before anything was made of it. */
export class PickleGlobal {
  constructor(readonly name: string) {}
}

/** An object of a class that is known only by name (argparse.Namespace): its arguments and state, inert. */
export class PickleRecord {
  readonly items: PickleValue[] = [];
  readonly entries = new Map<PickleValue, PickleValue>();
  state: PickleValue = null;

  constructor(
    readonly name: string,
    readonly args: readonly PickleValue[],
  ) {}
}

/** Base of values that a file format adds (storages, tensors). */
export abstract class PickleExtension {
  abstract readonly kind: string;
}

/** What a value is, in a word, for messages. Never its content. */
export function describePickleValue(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (value instanceof PickleList) return 'a list';
  if (value instanceof PickleTuple) return `a tuple of ${value.items.length}`;
  if (value instanceof PickleDict) return 'a dict';
  if (value instanceof PickleSet) return 'a set';
  if (value instanceof PickleGlobal) return `the name ${value.name}`;
  if (value instanceof PickleRecord) return `an object of ${value.name}`;
  if (value instanceof PickleExtension) return `a ${value.kind}`;
  if (value instanceof Uint8Array) return 'bytes';
  return `a ${typeof value}`;
}
