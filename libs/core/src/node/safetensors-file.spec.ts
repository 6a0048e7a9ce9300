import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSafetensors } from '../safetensors/decode';
import { bytesOf } from '../safetensors/dtype';
import { encodeSafetensors } from '../safetensors/encode';
import { float32Tensor } from '../safetensors/tensor';
import { toFileError } from './file.errors';
import { openSafetensorsFile, readSafetensorsFile, writeSafetensorsFile } from './safetensors-file';
import { writeFileAtomic } from './write-file-atomic';

const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;
const reference = join(__dirname, '../../../../test/fixtures/reference');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fedistl-core-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe('the reference files', () => {
  it.each([
    ['forward', 55, 172_384 - 8 - 5456],
    ['step', 146, 461_736 - 8 - 13_960],
    ['trajectory', 242, 694_472 - 8 - 23_704],
  ])('%s: every tensor, in file and in memory alike', async (name, count, dataBytes) => {
    const path = join(reference, `${name}.safetensors`);
    const fromFile = await readSafetensorsFile(path);
    const fromMemory = decodeSafetensors(await readFile(path));
    expect(fromFile.tensors.size).toBe(count);
    expect(fromFile.metadata).toEqual(fromMemory.metadata);
    let bytes = 0;
    for (const [key, tensor] of fromFile.tensors) {
      bytes += tensor.data.byteLength;
      expect(Buffer.compare(bytesOf(tensor.data), bytesOf(fromMemory.tensors.get(key)!.data))).toBe(0);
    }
    expect(bytes).toBe(dataBytes);
  });

  it('forward: known values', async () => {
    const file = await openSafetensorsFile(join(reference, 'forward.safetensors'));
    expect(JSON.parse(file.metadata['config']!)).toMatchObject({ embedDim: 32, depth: 2 });
    const attention = await file.readTensor('attention.global');
    expect(attention.shape).toEqual([3, 2, 17, 17]);
    // Every row of an attention map sums to one.
    for (let row = 0; row < 3 * 2 * 17; row++) {
      const part = (await file.readRange('attention.global', row * 17, 17)) as Float32Array;
      expect(part.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
    }
    await file.close();
  });

  it('write back to a file with the same tensors', async () => {
    const original = await readSafetensorsFile(join(reference, 'trajectory.safetensors'));
    const path = join(directory, 'copy.safetensors');
    await writeSafetensorsFile(path, original.tensors.values(), original.metadata);
    const copy = await readSafetensorsFile(path);
    expect(copy.metadata).toEqual(original.metadata);
    for (const [key, tensor] of original.tensors) {
      expect(copy.tensors.get(key)).toEqual(tensor);
    }
  });
});

describe('writing', () => {
  const tensors = [float32Tensor('w', [2, 2], Float32Array.of(1, 2, 3, 4))];

  it("writes the encoder's bytes, replaces what was there and leaves nothing else", async () => {
    const path = join(directory, 'model.safetensors');
    await writeFile(path, 'old');
    await writeSafetensorsFile(path, tensors, { note: 'new' });
    const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    expect(hash(await readFile(path))).toBe(hash(encodeSafetensors(tensors, { note: 'new' })));
    expect(await readdir(directory)).toEqual(['model.safetensors']);
  });

  it('keeps the old file whole when writing stops half way', async () => {
    const path = join(directory, 'model.safetensors');
    await writeFile(path, 'old');
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(1, 2, 3);
      await Promise.resolve();
      throw new Error('power cut');
    }
    await expect(writeFileAtomic(path, failing())).rejects.toThrow('power cut');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(directory)).toEqual(['model.safetensors']);
  });

  (process.platform === 'linux' ? it : it.skip)('reports a full disk', async () => {
    // Linux offers a device that is always full.
    const full = await open('/dev/full', 'w');
    const error: unknown = await full
      .write(Uint8Array.of(1))
      .catch((cause: unknown) => toFileError(cause, 'write', 'x'));
    await full.close();
    expect(error).toMatchObject({ code: 'FILE.DISK_FULL', details: { errno: 'ENOSPC', path: 'x' } });
  });

  it('refuses a missing directory and a directory in its way', async () => {
    await expect(writeSafetensorsFile(join(directory, 'no', 'x'), tensors)).rejects.toThrow(code('FILE.NOT_FOUND'));
    await mkdir(join(directory, 'taken'));
    await expect(writeSafetensorsFile(join(directory, 'taken'), tensors)).rejects.toThrow(code('FILE.IS_DIRECTORY'));
    expect(await readdir(directory)).toEqual(['taken']);
  });
});

describe('reading', () => {
  it('refuses what is missing, a directory, and a truncated file', async () => {
    await expect(openSafetensorsFile(join(directory, 'none'))).rejects.toThrow(code('FILE.NOT_FOUND'));
    await expect(openSafetensorsFile(directory)).rejects.toThrow(code('FILE.IS_DIRECTORY'));
    const path = join(directory, 'short.safetensors');
    await writeSafetensorsFile(path, [float32Tensor('w', [4], new Float32Array(4))]);
    await truncate(path, 70);
    await expect(readSafetensorsFile(path)).rejects.toThrow(code('SAFETENSORS.OUT_OF_BOUNDS'));
    await truncate(path, 20);
    await expect(readSafetensorsFile(path)).rejects.toThrow(code('SAFETENSORS.TRUNCATED'));
  });
});
