import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type RandomAccessSource, toFloat32 } from '@fedistl/core';
import { FileSource } from '@fedistl/core/node';
import { TorchFileError } from '../vit.errors';
import { PickleDict, PickleRecord } from './pickle-values';
import { openTorchFile } from './torch-file';
import { TorchTensor } from './torch-values';
import { unpickle } from './unpickler';

const fixtures = path.resolve(__dirname, '../../../../test/fixtures/checkpoints');
const bytesOf = (name: string): Uint8Array => readFileSync(path.join(fixtures, name));
const memory = (bytes: Uint8Array): RandomAccessSource => ({
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
});
const entriesOf = (value: unknown): Map<unknown, unknown> => {
  if (!(value instanceof PickleDict)) throw new Error('expected a dict');
  return value.entries;
};
const codeOf = async (bytes: Uint8Array): Promise<string> => {
  try {
    await openTorchFile(memory(bytes));
  } catch (error) {
    if (error instanceof TorchFileError) return error.code;
    throw error;
  }
  return 'none';
};

describe('files of torch.save', () => {
  it('reads every element type and every stride', async () => {
    const file = await openTorchFile(memory(bytesOf('tensor-kinds.pth')));
    const tensors = entriesOf(file.root);
    const read = async (name: string) => {
      const tensor = tensors.get(name);
      if (!(tensor instanceof TorchTensor)) throw new Error(`expected a tensor ${name}`);
      const named = await file.readTensor(name, tensor);
      return { dtype: named.dtype, shape: [...named.shape], values: [...toFloat32(named)] };
    };
    const base = Array.from({ length: 24 }, (_, i) => i / 8);
    const columns = [0, 1, 2, 3, 4, 5];
    expect(await read('transposed')).toEqual({
      dtype: 'F32',
      shape: [6, 4],
      values: columns.flatMap((c) => [0, 1, 2, 3].map((r) => base[6 * r + c])),
    });
    expect((await read('columns')).values).toEqual([0, 1, 2, 3].flatMap((r) => [1, 3, 5].map((c) => base[6 * r + c])));
    expect(await read('offset')).toEqual({ dtype: 'F64', shape: [6], values: [4, 5, 6, 7, 8, 9] });
    expect(await read('half')).toMatchObject({ dtype: 'F16', values: [1.5, -0.25, 65504, expect.closeTo(6e-8, 9)] });
    expect((await read('bfloat')).values).toEqual([1.5, -0.25, expect.closeTo(3.0041e38, -35)]);
    expect(await read('long')).toEqual({ dtype: 'I64', shape: [1, 2], values: [-1, 2 ** 40] });
    expect((await read('int')).values).toEqual([-5, 7]);
    expect((await read('short')).values).toEqual([-300]);
    expect((await read('char')).values).toEqual([-3]);
    expect((await read('byte')).values).toEqual([200]);
    expect(await read('bool')).toEqual({ dtype: 'BOOL', shape: [2], values: [1, 0] });
    expect(await read('scalar')).toEqual({ dtype: 'F32', shape: [], values: [2.5] });
    expect(await read('empty')).toEqual({ dtype: 'F32', shape: [0, 3], values: [] });
    expect((await read('parameter')).values).toEqual([1, 1]);
    const cube = await read('cube');
    expect(cube.shape).toEqual([4, 2, 3]);
    expect(cube.values.slice(0, 7)).toEqual([0, 4, 8, 12, 16, 20, 1]);
  });

  it('reads arguments, numpy scalars and paths beside the weights as inert data', async () => {
    const root = entriesOf((await openTorchFile(memory(bytesOf('distl.pth')))).root);
    const args = root.get('args');
    expect(args).toBeInstanceOf(PickleRecord);
    const state = entriesOf((args as PickleRecord).state);
    expect([state.get('arch'), state.get('lr'), state.get('use_fp16'), state.get('seed')]).toEqual([
      'vit_small',
      5e-5,
      true,
      null,
    ]);
    expect(root.get('best_auc')).toBe(0.75);
    expect(root.get('counts')).toBe(-12n);
    expect(root.get('epoch')).toBe(5);
  });

  it('refuses a function to call by its name, and runs nothing', async () => {
    await expect(openTorchFile(memory(bytesOf('hostile.pth')))).rejects.toMatchObject({
      code: 'TORCH.PICKLE_GLOBAL',
      details: { global: 'posix.system' },
    });
  });

  it('reads only what it is asked for', async () => {
    const bytes = bytesOf('distl.pth');
    const reads: number[] = [];
    const source: RandomAccessSource = {
      size: bytes.length,
      read: (offset, length) => {
        reads.push(length);
        return Promise.resolve(bytes.slice(offset, offset + length));
      },
    };
    const file = await openTorchFile(source);
    const student = entriesOf(entriesOf(file.root).get('student'));
    reads.length = 0;
    await file.readTensor('x', student.get('module.cls_head.mlp.4.bias') as TorchTensor);
    expect(reads).toEqual([30, 4]);
  });

  it.each([
    ['TORCH.FORMAT', () => new Uint8Array(0)],
    ['TORCH.FORMAT', () => Buffer.from('not a checkpoint at all')],
    ['TORCH.ZIP_BROKEN', () => bytesOf('dino.pth').slice(0, 3000)],
    ['TORCH.ZIP_BROKEN', () => Uint8Array.of(0x50, 0x4b, 3, 4)],
    ['TORCH.PICKLE_TRUNCATED', () => bytesOf('dino-legacy.pth').slice(0, 1000)],
    ['TORCH.STORAGE_MISSING', () => bytesOf('dino-legacy.pth').slice(0, 9000)],
  ])('%s for cut and foreign files', async (code, bytes) => {
    expect(await codeOf(bytes())).toBe(code);
  });

  it('finds a flipped bit in the values', async () => {
    const bytes = Buffer.from(bytesOf('dino.pth'));
    const file = await openTorchFile(memory(bytes));
    const name = 'blocks.0.mlp.fc1.weight';
    const tensor = entriesOf(file.root).get(name) as TorchTensor;
    const values = Buffer.from(((await file.readTensor(name, tensor)).data as Float32Array).slice(0, 4).buffer);
    const at = bytes.indexOf(values);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await expect(file.readTensor(name, tensor)).rejects.toMatchObject({ code: 'TORCH.ZIP_CHECKSUM' });
  });

  it('gives a coded error or a result for a directory cut or changed anywhere', async () => {
    const bytes = bytesOf('tensor-kinds.pth');
    const outcomes = new Map<string, number>();
    const count = (code: string) => outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
    for (let at = bytes.length - 1400; at < bytes.length; at += 7) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      count(await codeOf(changed));
      expect(await codeOf(bytes.slice(0, at))).toBe('TORCH.ZIP_BROKEN');
    }
    expect(outcomes.get('TORCH.ZIP_BROKEN')).toBeGreaterThan(10);
  });

  it('opens from disk', async () => {
    const source = await FileSource.open(path.join(fixtures, 'dino-legacy.pth'));
    const { format } = await openTorchFile(source);
    await source.close();
    expect(format).toBe('legacy');
  });

  it('has no depth limit: a list nested 200,000 times is plain data', () => {
    const depth = 200_000;
    const bytes = Buffer.concat([Buffer.alloc(depth, ']'), Buffer.alloc(depth - 1, 'a'), Buffer.from('.')]);
    expect(unpickle(bytes, { builderOf: () => undefined }).length).toBe(2 * depth);
  });
});
