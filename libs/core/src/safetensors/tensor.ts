import { shapeSize } from '../layout/shape';
import { dtypeSize, type Dtype, isDataOf, isDtype, type TensorData } from './dtype';
import { bfloat16BitsToFloat32, float16BitsToFloat32 } from './half-precision';
import { SafetensorsError } from './safetensors.errors';

/** A tensor as safetensors carries it: row-major `data` of the typed array that belongs to `dtype`. */
export interface NamedTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** A float32 tensor; shares `data`. */
export function float32Tensor(name: string, shape: readonly number[], data: Float32Array): NamedTensor {
  return { name, dtype: 'F32', shape, data };
}

/**
 * The tensor's values as float32: the data itself for F32 (shared, not copied), else converted (F64 and integers round to
 * nearest).
 */
export function toFloat32(tensor: NamedTensor): Float32Array {
  const { dtype, data } = tensor;
  if (dtype === 'F32') return data as Float32Array;
  if (dtype === 'F16') return Float32Array.from(data as Uint16Array, float16BitsToFloat32);
  if (dtype === 'BF16') return Float32Array.from(data as Uint16Array, bfloat16BitsToFloat32);
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}

/** A tensor without its values. */
export type TensorForm = Pick<NamedTensor, 'name' | 'dtype' | 'shape'>;

/**
 * Bytes that the values take.
 *
 * @throws SafetensorsError `SAFETENSORS.BAD_NAME`, `SAFETENSORS.BAD_DTYPE`, `SAFETENSORS.BAD_SHAPE`
 */
export function formBytes({ name, dtype, shape }: TensorForm): number {
  if (name === '__metadata__') {
    throw new SafetensorsError(
      'SAFETENSORS.BAD_NAME',
      'a tensor cannot be called "__metadata__"; the format reserves it',
    );
  }
  if (!isDtype(dtype)) {
    throw new SafetensorsError(
      'SAFETENSORS.BAD_DTYPE',
      `tensor "${name}" has the unknown dtype ${JSON.stringify(dtype)}`,
    );
  }
  const length = shapeSize(shape);
  if (length === undefined) {
    throw new SafetensorsError(
      'SAFETENSORS.BAD_SHAPE',
      `tensor "${name}" has the impossible shape [${shape.join(', ')}]`,
    );
  }
  return length * dtypeSize(dtype);
}

/** @throws SafetensorsError as `formBytes`, and `SAFETENSORS.DATA_MISMATCH` when data and form do not fit together */
export function checkTensor({ name, dtype, shape, data }: NamedTensor): void {
  const length = formBytes({ name, dtype, shape }) / dtypeSize(dtype);
  if (isDataOf(dtype, data) && data.length === length) return;
  throw new SafetensorsError(
    'SAFETENSORS.DATA_MISMATCH',
    `expected ${length} values of ${dtype} for tensor "${name}" of shape [${shape.join(', ')}], got ` +
      `${Object.prototype.toString.call(data).slice(8, -1)} of length ${String((data as { length?: number }).length)}`,
  );
}
