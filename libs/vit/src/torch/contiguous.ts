import { dtypeBytes } from './dtype-bytes';
import { type TorchTensor } from './torch-values';

/** The bytes of a storage that a tensor touches: first byte and length. */
export interface StorageSpan {
  readonly start: number;
  readonly length: number;
}

/** The span from the tensor's first to its last element. */
export function spanOf(tensor: TorchTensor): StorageSpan {
  const width = dtypeBytes(tensor.dtype);
  if (tensor.size === 0) return { start: tensor.offset * width, length: 0 };
  const reach = tensor.shape.reduce((end, side, axis) => end + (side - 1) * (tensor.strides[axis] ?? 0), 0);
  return { start: tensor.offset * width, length: (reach + 1) * width };
}

/** Row-major bytes of a tensor from the bytes of its span; shared, not copied, when they already lie so. */
export function contiguousBytes(tensor: TorchTensor, span: Uint8Array): Uint8Array {
  const { shape, strides } = tensor;
  if (isRowMajor(shape, strides)) return span;
  const width = dtypeBytes(tensor.dtype);
  const target = new Uint8Array(tensor.size * width);
  const inner = shape.at(-1) ?? 1;
  const innerStep = strides.at(-1) ?? 1;
  const index = new Array<number>(Math.max(shape.length - 1, 0)).fill(0);
  for (let row = 0; row < tensor.size / inner; row += 1) {
    const from = index.reduce((sum, at, axis) => sum + at * (strides[axis] ?? 0), 0);
    copyStrided({
      target,
      at: row * inner * width,
      span,
      from: from * width,
      count: inner,
      step: innerStep * width,
      width,
    });
    advance(index, shape);
  }
  return target;
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    const side = shape[axis] ?? 1;
    // The stride of an axis with one element, or of an empty tensor, moves nothing.
    if (side > 1 && strides[axis] !== expected) return false;
    expected *= side;
  }
  return true;
}

interface StridedCopy {
  readonly target: Uint8Array;
  readonly at: number;
  readonly span: Uint8Array;
  readonly from: number;
  readonly count: number;
  readonly step: number;
  readonly width: number;
}

function copyStrided({ target, at, span, from, count, step, width }: StridedCopy): void {
  for (let item = 0; item < count; item += 1) {
    for (let byte = 0; byte < width; byte += 1) {
      target[at + item * width + byte] = span[from + item * step + byte] ?? 0;
    }
  }
}

/** The next index of all axes but the last, odometer fashion. */
function advance(index: number[], shape: readonly number[]): void {
  for (let axis = index.length - 1; axis >= 0; axis -= 1) {
    const next = (index[axis] ?? 0) + 1;
    if (next < (shape[axis] ?? 1)) {
      index[axis] = next;
      return;
    }
    index[axis] = 0;
  }
}

/** Row-major strides of a shape, in elements. */
export function rowMajorStrides(shape: readonly number[]): readonly number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}
