import { type Dtype } from '@fedistl/core';

/** Writes the few pickle opcodes (protocol 2) that a file of tensors needs. */
export class PickleWriter {
  private readonly parts: Uint8Array[] = [Uint8Array.of(0x80, 2)];

  bytes(): Uint8Array {
    return Buffer.concat([...this.parts, Uint8Array.of(0x2e)]); // STOP
  }

  text(value: string): this {
    const bytes = Buffer.from(value, 'utf8');
    return this.opcode(0x58, uint32(bytes.length), bytes); // BINUNICODE
  }

  /** A whole number below 2 ** 63. */
  integer(value: number): this {
    if (value < 2 ** 31) return this.opcode(0x4a, uint32(value)); // BININT
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
    return this.opcode(0x8a, Uint8Array.of(8), bytes); // LONG1
  }

  /** A tuple of whole numbers. */
  integers(values: readonly number[]): this {
    this.opcode(0x28); // MARK
    for (const value of values) this.integer(value);
    return this.opcode(0x74); // TUPLE
  }

  /** `{key: value, ...}`; each value is written by its function. */
  dict(entries: Iterable<readonly [string, () => void]>): this {
    return this.opcode(0x7d).items(entries); // EMPTY_DICT
  }

  /** An OrderedDict, as `state_dict()` gives it. */
  orderedDict(entries: Iterable<readonly [string, () => void]>): this {
    return this.emptyOrderedDict().items(entries);
  }

  /** A contiguous tensor over the whole of storage `key`. */
  tensor(
    key: string,
    tensor: { readonly dtype: Dtype; readonly shape: readonly number[]; readonly strides: readonly number[] },
  ): this {
    const size = tensor.shape.reduce((product, side) => product * side, 1);
    this.global('torch._utils', '_rebuild_tensor_v2').opcode(0x28); // MARK
    this.opcode(0x28).text('storage').global('torch', storageClasses[tensor.dtype]).text(key).text('cpu');
    this.integer(size).opcode(0x74, Uint8Array.of(0x51)); // TUPLE, BINPERSID
    this.integer(0).integers(tensor.shape).integers(tensor.strides);
    return this.opcode(0x89).emptyOrderedDict().opcode(0x74, Uint8Array.of(0x52)); // NEWFALSE, hooks, TUPLE, REDUCE
  }

  private items(entries: Iterable<readonly [string, () => void]>): this {
    this.opcode(0x28); // MARK
    for (const [key, write] of entries) {
      this.text(key);
      write();
    }
    return this.opcode(0x75); // SETITEMS
  }

  private emptyOrderedDict(): this {
    return this.global('collections', 'OrderedDict').opcode(0x29, Uint8Array.of(0x52)); // EMPTY_TUPLE, REDUCE
  }

  private global(module: string, name: string): this {
    return this.opcode(0x63, Buffer.from(`${module}\n${name}\n`, 'latin1')); // GLOBAL
  }

  private opcode(code: number, ...rest: Uint8Array[]): this {
    this.parts.push(Uint8Array.of(code), ...rest);
    return this;
  }
}

const storageClasses: Readonly<Record<Dtype, string>> = {
  F64: 'DoubleStorage',
  F32: 'FloatStorage',
  F16: 'HalfStorage',
  BF16: 'BFloat16Storage',
  I64: 'LongStorage',
  I32: 'IntStorage',
  I16: 'ShortStorage',
  I8: 'CharStorage',
  U8: 'ByteStorage',
  BOOL: 'BoolStorage',
};

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
