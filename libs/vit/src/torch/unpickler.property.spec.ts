import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { TorchFileError } from '../vit.errors';
import { torchBuilders } from './torch-globals';
import { readStorageId } from './torch-zip-file';
import { unpickle } from './unpickler';

const fixtures = path.resolve(__dirname, '../../../../test/fixtures/checkpoints');

/** The pickle inside a real checkpoint: PyTorch puts it first, behind a 64-byte header. */
function realPickle(name: string): Uint8Array {
  const bytes = readFileSync(path.join(fixtures, name));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const start = 30 + view.getUint16(26, true) + view.getUint16(28, true);
  const end = bytes.indexOf(Buffer.from([0x2e, 0x50, 0x4b, 0x07, 0x08]), start);
  return bytes.subarray(start, end + 1);
}

const builders = torchBuilders();
const world = { builderOf: (name: string) => builders.get(name), persistent: readStorageId };

/** Reads hostile bytes; anything but a result or a coded error fails the test. */
function outcome(bytes: Uint8Array): string {
  try {
    unpickle(bytes, world);
    return 'read';
  } catch (error) {
    if (error instanceof TorchFileError) return error.code;
    throw error;
  }
}

const pickle = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Uint8Array.from(part))));

describe('restricted unpickler', () => {
  const real = realPickle('distl.pth');

  it('reads the pickle of a real checkpoint', () => {
    expect(outcome(real)).toBe('read');
  });

  it('gives a result or a coded error for mutated checkpoints, and never hangs', () => {
    const change = fc.record({ at: fc.nat(real.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(real.length), (changes, cut) => {
        const bytes = Uint8Array.from(real);
        for (const { at, byte } of changes) bytes[at] = byte;
        outcome(bytes);
        outcome(bytes.subarray(0, cut));
        outcome(Buffer.concat([bytes.subarray(cut), bytes.subarray(0, cut)]));
      }),
      { numRuns: 150 },
    );
  });

  it('gives a result or a coded error for random bytes and random opcodes', () => {
    const opcode = fc.constantFrom(
      ...Array.from('()01234NIJKLMFGXUTBCtld}]aesuhjgrpqcRQbV.\x80\x81\x85\x86\x87\x88\x89\x8a\x8c\x93\x94'),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.array(opcode, { maxLength: 60 }), (bytes, opcodes) => {
        outcome(bytes);
        outcome(Buffer.from(opcodes.join(''), 'latin1'));
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['os.system by GLOBAL', pickle('cposix\nsystem\n(X\x02\0\0\0idtR.')],
    ['builtins.eval', pickle('c__builtin__\neval\n(X\x03\0\0\x001+1tR.')],
    ['builtins.exec by STACK_GLOBAL', pickle([0x80, 4, 0x8c, 8], 'builtins', [0x8c, 4], 'exec', [0x93], '.')],
    ['builtins.getattr', pickle('cbuiltins\ngetattr\n.')],
    ['subprocess.Popen', pickle('csubprocess\nPopen\n)R.')],
    ['an attribute path', pickle([0x80, 4, 0x8c, 5], 'torch', [0x8c, 9], 'os.system', [0x93], '.')],
    ['a torch function', pickle('ctorch.hub\nload\n)R.')],
    ['a prototype key as a name', pickle('c__proto__\nconstructor\n.')],
    ['numpy arrays, whose state can hold objects', pickle('cnumpy.core.multiarray\n_reconstruct\n.')],
  ])('refuses %s by name', (_what, bytes) => {
    expect(outcome(bytes)).toBe('TORCH.PICKLE_GLOBAL');
  });

  it.each([
    ['TORCH.PICKLE_OPCODE', 'INST', pickle('(ios\nsystem\n.')],
    ['TORCH.PICKLE_OPCODE', 'OBJ', pickle('(N', [0x6f], '.')],
    ['TORCH.PICKLE_OPCODE', 'an extension code', pickle([0x82, 1], '.')],
    ['TORCH.PICKLE_OPCODE', 'NEWOBJ_EX', pickle([0x92], '.')],
    ['TORCH.PICKLE_OPCODE', 'an unknown byte', pickle([0xff], '.')],
    ['TORCH.PICKLE_OPCODE', 'protocol 5', pickle([0x80, 5], 'N.')],
    ['TORCH.PICKLE_STACK', 'an empty stack', pickle('.')],
    ['TORCH.PICKLE_STACK', 'POP below a mark', pickle('N(0.')],
    ['TORCH.PICKLE_STACK', 'a tuple without values', pickle([0x87], '.')],
    ['TORCH.PICKLE_STACK', 'a group never opened', pickle('t.')],
    ['TORCH.PICKLE_STACK', 'a value never remembered', pickle('h\x07.')],
    ['TORCH.PICKLE_STACK', 'two results', pickle('NN.')],
    ['TORCH.PICKLE_TRUNCATED', 'a text of 4 GB', pickle('X', [0xff, 0xff, 0xff, 0xff])],
    ['TORCH.PICKLE_TRUNCATED', 'bytes of 2^63', pickle([0x8e], [0, 0, 0, 0, 0, 0, 0, 0x80])],
    ['TORCH.PICKLE_TRUNCATED', 'nothing', pickle('')],
    ['TORCH.PICKLE_LIMIT', 'an integer of 4 GB', pickle([0x8b], [0xff, 0xff, 0xff, 0xff])],
    ['TORCH.PICKLE_TEXT', 'text that is not UTF-8', pickle('X\x02\0\0\0\xff\xfe.')],
    ['TORCH.PICKLE_VALUE', 'a call of a string', pickle('X\x01\0\0\0a)R.')],
    ['TORCH.PICKLE_VALUE', 'state on a list', pickle(']Nb.')],
    ['TORCH.PICKLE_VALUE', 'items on None', pickle('NNa.')],
    ['TORCH.PICKLE_VALUE', 'a key without a value', pickle('}(Nu.')],
    ['TORCH.PICKLE_VALUE', 'a million digits', pickle('L', '9'.repeat(1_000_000), 'L\n.')],
    ['TORCH.PICKLE_VALUE', 'an element type called as a function', pickle('ctorch\nfloat32\n)R.')],
    ['TORCH.PICKLE_VALUE', 'a storage id that is none', pickle('(X\x07\0\0\0storageNNNNtQ.')],
  ])('%s for %s', (code, _what, bytes) => {
    expect(outcome(bytes)).toBe(code);
  });

  it('bounds the work and the memory of long pickles', () => {
    expect(outcome(Buffer.alloc(3_000_000, '}'))).toBe('TORCH.PICKLE_LIMIT');
    expect(outcome(Buffer.alloc(3_000_000, '('))).toBe('TORCH.PICKLE_LIMIT');
    expect(outcome(Buffer.concat([Buffer.from('N'), Buffer.alloc(3_000_000, 0x94)]))).toBe('TORCH.PICKLE_LIMIT');
  });

  it.each([
    ['beyond its storage', [0, [5], [1]]],
    ['by its offset', [2, [3], [1]]],
    ['by its strides', [0, [2, 2], [4, 1]]],
    ['with more values than the storage has', [0, [1000, 1000], [0, 0]]],
    ['of a size beyond counting', [0, [2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1], [0, 0, 0]]],
    ['of two ranks', [0, [2], [1, 1]]],
  ] as [string, [number, number[], number[]]][])('refuses a tensor %s', (_what, [offset, size, stride]) => {
    const integer = (value: number) => [
      0x4a,
      value & 255,
      (value >> 8) & 255,
      (value >> 16) & 255,
      (value >> 24) & 255,
    ];
    const tuple = (values: number[]) => [0x28, ...values.flatMap(integer), 0x74];
    const bytes = pickle(
      'ctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpu',
      integer(4),
      'tQ',
      integer(offset),
      tuple(size),
      tuple(stride),
      [0x89, 0x7d, 0x74, 0x52, 0x2e],
    );
    expect(outcome(bytes)).toBe('TORCH.TENSOR_BOUNDS');
  });
});
