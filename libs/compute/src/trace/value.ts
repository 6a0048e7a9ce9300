import { type tf } from '../tf';

/** Element types that a traced graph carries; `int64` appears only in shapes and axes that the graph itself adds. */
export type TraceDtype = 'float32' | 'int32' | 'bool' | 'int64';

export type TraceData = Float32Array | Int32Array | Uint8Array | BigInt64Array;

/**
 * A value in a graph under construction. It is what a traced tensor's `dataId` points to: no numbers, but a name, and
 * what is known about the numbers at trace time.
 */
export interface TraceValue {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: TraceDtype;
  /** The numbers themselves, when they do not depend on an input. */
  readonly data?: TraceData;
  /** Every element has this value. */
  readonly splat?: number;
  /** The value before it was broadcast to `shape`; an operation that broadcasts anyway reads this instead. */
  readonly source?: TraceValue;
}

export type TraceTensorInfo = tf.TensorInfo & { readonly dataId: TraceValue };

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** Row-major numbers of a constant, whichever way it is known. */
export function constantNumbers(value: TraceValue): ArrayLike<number> | undefined {
  if (value.data !== undefined && !(value.data instanceof BigInt64Array)) return value.data;
  if (value.splat !== undefined) return new Float32Array(sizeOf(value.shape)).fill(value.splat);
  return undefined;
}
