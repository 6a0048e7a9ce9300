import { SafetensorsError } from './safetensors.errors';

/** Element types that fedistl reads and writes. F16 and BF16 are kept as their raw 16 bits; see `toFloat32`. */
export type Dtype = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL';

export type TensorData =
  Float64Array | Float32Array | Uint16Array | BigInt64Array | Int32Array | Int16Array | Int8Array | Uint8Array;

interface ArrayType {
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): TensorData;
}

const ARRAY_TYPES: Readonly<Record<Dtype, ArrayType>> = {
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

export const DTYPES = Object.keys(ARRAY_TYPES) as readonly Dtype[];

export function isDtype(value: unknown): value is Dtype {
  return typeof value === 'string' && Object.hasOwn(ARRAY_TYPES, value);
}

/** Bytes of one element. */
export function dtypeSize(dtype: Dtype): number {
  return ARRAY_TYPES[dtype].BYTES_PER_ELEMENT;
}

/** Whether `data` is the typed array that holds `dtype`. By name, so that arrays of another realm count too. */
export function isDataOf(dtype: Dtype, data: unknown): data is TensorData {
  return ArrayBuffer.isView(data) && Object.prototype.toString.call(data) === `[object ${ARRAY_TYPES[dtype].name}]`;
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The format is little-endian and so is every platform we run on; elsewhere we refuse rather than misread. */
export function requireLittleEndian(): void {
  if (!IS_LITTLE_ENDIAN) {
    throw new SafetensorsError('SAFETENSORS.BIG_ENDIAN', 'expected a little-endian platform, got a big-endian one');
  }
}

/**
 * The elements in `bytes`, whose length must be a multiple of the element size. Shares memory when the bytes are aligned
 * for the type, else copies.
 */
export function viewAs(dtype: Dtype, bytes: Uint8Array): TensorData {
  requireLittleEndian();
  const type = ARRAY_TYPES[dtype];
  const aligned = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new type(aligned.buffer, aligned.byteOffset, aligned.byteLength / type.BYTES_PER_ELEMENT);
}

/** The bytes under `data`; shares memory. */
export function bytesOf(data: TensorData): Uint8Array {
  requireLittleEndian();
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
