import { shapeSize } from '../layout/shape';
import { type Dtype, DTYPES, dtypeSize, isDtype } from './dtype';
import { SafetensorsError } from './safetensors.errors';

/** One tensor as the header announces it; offsets are bytes from the start of the data section. */
export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A name from the file as it may stand in a message: quoted, and cut, because it may be hostile. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 77)}...` : name);
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);

/** Checks one member of the header against the format and the size of the data section. */
export function parseEntry(name: string, value: unknown, dataBytes: number): SafetensorsEntry {
  const fail = (reason: string, message: string): never => {
    throw new SafetensorsError(`SAFETENSORS.${reason}`, `tensor ${quoted(name)}: ${message}`);
  };
  if (!isRecord(value) || Object.keys(value).sort().join() !== 'data_offsets,dtype,shape') {
    return fail('BAD_ENTRY', 'expected an object with exactly "dtype", "shape" and "data_offsets"');
  }
  const { dtype, shape, data_offsets: offsets } = value as Record<'dtype' | 'shape' | 'data_offsets', unknown>;
  if (!isDtype(dtype)) {
    const got = typeof dtype === 'string' ? quoted(dtype) : `a value of type ${typeof dtype}`;
    return fail('BAD_DTYPE', `expected one of ${DTYPES.join(', ')} as dtype, got ${got}`);
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) {
    return fail('BAD_SHAPE', 'expected "shape" to hold non-negative integers');
  }
  const elements = shapeSize(shape);
  if (elements === undefined || !Number.isSafeInteger(elements * dtypeSize(dtype))) {
    return fail('SHAPE_OVERFLOW', 'the product of its dimensions leaves 53 bits');
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    return fail('BAD_OFFSETS', 'expected "data_offsets" to hold two non-negative integers');
  }
  const [begin, end] = offsets as [number, number];
  if (begin > end) return fail('BAD_OFFSETS', `expected begin <= end in "data_offsets", got ${begin} and ${end}`);
  if (end > dataBytes) {
    return fail('OUT_OF_BOUNDS', `ends at byte ${end} of the data, but the file holds ${dataBytes} bytes of data`);
  }
  if (end - begin !== elements * dtypeSize(dtype)) {
    const expected = elements * dtypeSize(dtype);
    return fail('SIZE_MISMATCH', `expected ${expected} bytes for ${elements} values of ${dtype}, got ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}
