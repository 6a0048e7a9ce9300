import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodeGreyPng } from '../phantom/png-writer';
import { testImage } from '../views/test-image';
import { type FolderImage, listFolder, readFolder } from './read-folder';

const folder = mkdtempSync(path.join(tmpdir(), 'fedistl-folder-'));
const spec = { size: 32, bits: 8, fit: 'squash', mode: 'clinical' } as const;

async function all(): Promise<FolderImage[]> {
  const { root, files } = listFolder(folder);
  const images: FolderImage[] = [];
  for await (const image of readFolder(root, files, { spec, workers: 1 })) images.push(image);
  return images;
}

afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('refuses an empty folder and one that is not there', () => {
  expect(() => listFolder(folder)).toThrow(expect.objectContaining({ code: 'DATASET.SOURCE_EMPTY' }) as Error);
  expect(() => listFolder(path.join(folder, 'no'))).toThrow(
    expect.objectContaining({ code: 'DATASET.SOURCE' }) as Error,
  );
});

it('gives each file its pixels or a reason, in order', async () => {
  const { width, height, pixels } = testImage(0, 32, 32);
  const whole = encodeGreyPng(pixels, width, height);
  writeFileSync(path.join(folder, 'b.png'), whole);
  writeFileSync(path.join(folder, 'a.png'), whole.subarray(0, 60));
  writeFileSync(path.join(folder, 'c.png'), encodeGreyPng(new Uint8Array(1024).fill(9), 32, 32));
  writeFileSync(path.join(folder, 'd.png'), encodeGreyPng(pixels, 16, 16));
  writeFileSync(path.join(folder, 'notes.txt'), 'no image');
  const images = await all();
  expect(images.map(({ file, reason }) => [file, reason])).toEqual([
    ['a.png', 'unreadable'],
    ['b.png', null],
    ['c.png', 'constant'],
    ['d.png', 'too_small'],
  ]);
  expect(images[0]!.code).toMatch(/^IMAGING\./);
  expect(images.map(({ image }) => image === null)).toEqual([true, false, true, true]);
  expect([...images[1]!.image!.pixels]).toEqual([...pixels]);
  expect(listFolder(path.join(folder, 'b.png')).files).toEqual(['b.png']);
});
