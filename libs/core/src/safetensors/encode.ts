import { bytesOf, dtypeSize } from './dtype';
import { PREFIX_BYTES } from './header';
import { SafetensorsError } from './safetensors.errors';
import { checkTensor, formBytes, type NamedTensor, type TensorForm } from './tensor';

/** Chunks of a file in order: prefix and header, then the bytes of each tensor (shared with it, not copied). */
export interface SafetensorsChunks {
  readonly byteLength: number;
  readonly chunks: readonly Uint8Array[];
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The file that holds `tensors`, as chunks to hash or write one after another without building it in memory.
 *
 * The bytes depend on the contents alone, never on the order of `tensors` or `metadata`: tensors are sorted by element size,
 * largest first, then by name (so that each is aligned, as the format's own library does), metadata by key, and the header
 * is padded with spaces to a multiple of 8.
 *
 * @throws SafetensorsError `SAFETENSORS.DUPLICATE_NAME`, `SAFETENSORS.BAD_METADATA`, and those of `checkTensor`.
 */
export function safetensorsChunks(
  tensors: Iterable<NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): SafetensorsChunks {
  const all = [...tensors];
  for (const tensor of all) checkTensor(tensor);
  const { head, order, byteLength } = safetensorsHead(all, metadata);
  return { byteLength, chunks: [head, ...order.map(({ data }) => bytesOf(data))] };
}

/** What a file starts with, and what must follow it. */
export interface SafetensorsHead<Form extends TensorForm> {
  readonly head: Uint8Array;
  /** The tensors in the order in which their bytes follow, without gaps. */
  readonly order: readonly Form[];
  /** Of the whole file. */
  readonly byteLength: number;
}

/**
 * The head of the file that `safetensorsChunks` makes, for tensors whose values are computed as they are written.
 *
 * @throws SafetensorsError as `safetensorsChunks`, but for the data
 */
export function safetensorsHead<Form extends TensorForm>(
  tensors: Iterable<Form>,
  metadata: Readonly<Record<string, string>> = {},
): SafetensorsHead<Form> {
  const order = [...tensors].sort((a, b) => dtypeSize(b.dtype) - dtypeSize(a.dtype) || compareText(a.name, b.name));
  const members: string[] = [];
  const names = Object.keys(metadata).sort();
  if (names.some((name) => typeof metadata[name] !== 'string')) {
    throw new SafetensorsError('SAFETENSORS.BAD_METADATA', 'expected every value of the metadata to be a text');
  }
  if (names.length > 0) {
    members.push(`"__metadata__":${JSON.stringify(Object.fromEntries(names.map((name) => [name, metadata[name]])))}`);
  }
  let offset = 0;
  const seen = new Set<string>();
  for (const form of order) {
    const end = offset + formBytes(form);
    const { name, dtype, shape } = form;
    if (seen.has(name)) throw new SafetensorsError('SAFETENSORS.DUPLICATE_NAME', `tensor "${name}" was given twice`);
    seen.add(name);
    members.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [offset, end] })}`);
    offset = end;
  }
  const head = encodeHeader(`{${members.join(',')}}`);
  return { head, order, byteLength: head.length + offset };
}

/** The 8-byte length and the JSON, padded so that the data starts at a multiple of 8. */
function encodeHeader(json: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 8) * 8;
  const head = new Uint8Array(PREFIX_BYTES + length).fill(0x20, PREFIX_BYTES);
  new DataView(head.buffer).setUint32(0, length, true);
  head.set(text, PREFIX_BYTES);
  return head;
}

/** The whole file in one array; errors as `safetensorsChunks`. */
export function encodeSafetensors(
  tensors: Iterable<NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const { byteLength, chunks } = safetensorsChunks(tensors, metadata);
  const file = new Uint8Array(byteLength);
  let at = 0;
  for (const chunk of chunks) {
    file.set(chunk, at);
    at += chunk.length;
  }
  return file;
}
