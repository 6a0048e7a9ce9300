import { DecodeError } from '../decode.errors';

const MEMORY_SECTION = 5;
const PAGE_BYTES = 65_536;

/** Unsigned LEB128 at `position`: [value, position after it]. */
function readLeb(bytes: Uint8Array, position: number): [number, number] {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[position + index] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return [value, position + index + 1];
  }
  throw new DecodeError('IMAGING.OPTIONS', 'a codec module has a number that is too long');
}

/**
 * Lowers the largest size that a WebAssembly module's memory may grow to.
 *
 * The codec builds let it grow to 2 GiB. A codestream that asks for more than the limit then makes the codec's own
 * allocation fail, inside its sandbox, instead of taking the machine's memory. (A worker's `resourceLimits` count only the
 * JavaScript heap, not WebAssembly memory.)
 *
 * @returns a copy of the module with the maximum of its memory section replaced (core specification, 5.5.8)
 */
export function limitWasmMemory(module: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(module);
  let position = 8;
  while (position < copy.length) {
    const id = copy[position];
    const [size, start] = readLeb(copy, position + 1);
    if (id === MEMORY_SECTION) {
      const flags = copy[start + 1];
      const [initial, maximumAt] = readLeb(copy, start + 2);
      if (flags !== 1)
        throw new DecodeError('IMAGING.OPTIONS', 'expected a codec module that declares its largest memory');
      const [, end] = readLeb(copy, maximumAt);
      const pages = Math.max(initial, Math.floor(maxBytes / PAGE_BYTES));
      writeLeb(copy, { position: maximumAt, length: end - maximumAt, value: pages });
      return copy;
    }
    position = start + size;
  }
  throw new DecodeError('IMAGING.OPTIONS', 'expected a codec module with a memory of its own');
}

/** Writes a number in exactly as many bytes as the one that it replaces, padded with continuation bits. */
function writeLeb(
  bytes: Uint8Array,
  { position, length, value }: { readonly position: number; readonly length: number; readonly value: number },
): void {
  let rest = value;
  for (let index = 0; index < length; index += 1) {
    bytes[position + index] = (rest & 0x7f) | (index < length - 1 ? 0x80 : 0);
    rest = Math.floor(rest / 128);
  }
  if (rest > 0) throw new DecodeError('IMAGING.OPTIONS', `expected a memory limit of at most the module's own`);
}
