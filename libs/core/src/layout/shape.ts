/**
 * Number of elements of `shape` (1 for a scalar's empty shape), or `undefined` when a dimension is not a non-negative
 * safe integer or when the product leaves the safe integers.
 */
export function shapeSize(shape: readonly number[]): number | undefined {
  // A zero anywhere makes the tensor empty, but must not hide an absurd dimension beside it.
  let product = 1;
  let isEmpty = false;
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || dimension < 0 || Object.is(dimension, -0)) return undefined;
    if (dimension === 0) isEmpty = true;
    else product *= dimension;
    if (!Number.isSafeInteger(product)) return undefined;
  }
  return isEmpty ? 0 : product;
}
