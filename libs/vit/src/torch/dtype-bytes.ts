import { type Dtype, type TensorData } from '@fedistl/core';

interface ElementArray {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): TensorData;
}

const arrays: Readonly<Record<Dtype, ElementArray>> = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};

/** Bytes of one element. */
export function dtypeBytes(dtype: Dtype): number {
  return arrays[dtype].BYTES_PER_ELEMENT;
}

/** Little-endian bytes as typed elements; copied when they are not aligned for the type. */
export function elementsOf(dtype: Dtype, bytes: Uint8Array): TensorData {
  const array = arrays[dtype];
  const aligned = bytes.byteOffset % array.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new array(aligned.buffer, aligned.byteOffset, aligned.byteLength / array.BYTES_PER_ELEMENT);
}
