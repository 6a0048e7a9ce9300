import { type Dtype, type TensorData, viewAs } from './dtype';
import { headerLength, parseHeader, PREFIX_BYTES } from './header';
import { quoted } from './header-entry';
import { type SafetensorsLimits } from './limits';
import { SafetensorsError } from './safetensors.errors';
import { type NamedTensor } from './tensor';

export interface DecodedSafetensors {
  /** In the order of the file's header. */
  readonly tensors: Map<string, NamedTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a whole safetensors file from memory. Tensors share memory with `bytes` wherever they are aligned for their type
 * (always, in files that fedistl writes); nothing is allocated before the header has been checked.
 *
 * @throws SafetensorsError: see docs/errors/core.md.
 */
export function decodeSafetensors(bytes: Uint8Array, limits: SafetensorsLimits = {}): DecodedSafetensors {
  const length = headerLength(bytes.subarray(0, PREFIX_BYTES), bytes.length, limits);
  const header = parseHeader(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + length), bytes.length, limits);
  const tensors = new Map<string, NamedTensor>();
  for (const { name, dtype, shape, begin, end } of header.entries.values()) {
    const data = toData(name, dtype, bytes.subarray(header.dataStart + begin, header.dataStart + end));
    tensors.set(name, { name, dtype, shape, data });
  }
  return { tensors, metadata: header.metadata };
}

/** The elements in `bytes`; a BOOL must be 0 or 1 (`SAFETENSORS.BAD_BOOL`). */
export function toData(name: string, dtype: Dtype, bytes: Uint8Array): TensorData {
  if (dtype === 'BOOL') {
    const wrong = bytes.find((value) => value > 1);
    if (wrong !== undefined) {
      throw new SafetensorsError(
        'SAFETENSORS.BAD_BOOL',
        `tensor ${quoted(name)}: expected BOOL values 0 and 1, got ${wrong}`,
      );
    }
  }
  return viewAs(dtype, bytes);
}
