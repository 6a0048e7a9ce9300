import { TorchFileError } from '../vit.errors';
import { wrongValue } from './pickle.errors';
import { PickleTuple, type PickleValue } from './pickle-values';
import { TorchStorage, TorchTensor } from './torch-values';

const maxRank = 8;

/**
 * `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)`: a checked view of a storage.
 *
 * @throws TorchFileError `TORCH.TENSOR_BOUNDS` when the view reaches outside its storage, or has more values than the
 *   storage (an expanded tensor, which could ask for memory without end)
 */
export function rebuildTensor(args: readonly PickleValue[]): PickleValue {
  const [storage, offset, size, stride] = args;
  if (!(storage instanceof TorchStorage)) throw wrongValue('a storage', storage);
  const shape = naturals(size);
  const strides = naturals(stride);
  if (!isNatural(offset)) throw wrongValue('an offset', offset);
  if (shape.length !== strides.length || shape.length > maxRank) {
    throw new TorchFileError(
      'TORCH.TENSOR_BOUNDS',
      `expected a size and a stride of one rank up to ${maxRank}, got ${shape.length} and ${strides.length}`,
    );
  }
  const tensor = new TorchTensor(storage, offset, shape, strides);
  const last = shape.reduce((end, side, axis) => end + (side - 1) * (strides[axis] ?? 0), offset);
  const inside = tensor.size === 0 ? offset <= storage.elements : last < storage.elements;
  if (!inside || tensor.size > storage.elements) {
    throw new TorchFileError(
      'TORCH.TENSOR_BOUNDS',
      `a tensor [${shape.join(', ')}] at ${offset} with strides [${strides.join(', ')}] does not fit its storage of ` +
        `${storage.elements} values`,
      { details: { shape, strides, offset, elements: storage.elements } },
    );
  }
  return tensor;
}

/** `torch._utils._rebuild_parameter(tensor, requires_grad, hooks)`: the tensor. */
export function rebuildParameter([tensor]: readonly PickleValue[]): PickleValue {
  if (!(tensor instanceof TorchTensor)) throw wrongValue('a tensor', tensor);
  return tensor;
}

function naturals(value: PickleValue | undefined): readonly number[] {
  if (!(value instanceof PickleTuple) || !value.items.every(isNatural)) {
    throw wrongValue('a tuple of whole numbers', value);
  }
  return value.items;
}

function isNatural(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
