import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTextFile } from './read-text-file';

const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;

describe('readTextFile', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fedistl-text-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('reads UTF-8 and keeps a byte-order mark', async () => {
    const path = join(directory, 'a');
    await writeFile(path, '\ufeffé😀\r\n');
    expect(await readTextFile(path)).toBe('\ufeffé😀\r\n');
  });

  it('refuses other encodings, long files and what is no file', async () => {
    const path = join(directory, 'a');
    await writeFile(path, Uint8Array.of(0x41, 0xe9));
    await expect(readTextFile(path)).rejects.toThrow(code('FILE.NOT_UTF8'));
    await expect(readTextFile(path, { maxBytes: 1 })).rejects.toThrow(code('FILE.TOO_LARGE'));
    await expect(readTextFile(directory)).rejects.toThrow(code('FILE.IS_DIRECTORY'));
    await expect(readTextFile(join(directory, 'b'))).rejects.toThrow(code('FILE.NOT_FOUND'));
  });
});
