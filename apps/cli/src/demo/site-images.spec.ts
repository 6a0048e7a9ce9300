import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parsePixelSpec } from '@fedistl/imaging';
import { demoSites } from './demo-site';
import { folderImages } from './folder-images';
import { phantomImages } from './phantom-images';
import { type SiteImages, takeIn } from './site-images';

jest.setTimeout(120_000);
const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-demo-'));
const pixels = parsePixelSpec('32-u8-squash-clinical');
const nothing = (): void => undefined;
afterAll(() => {
  rmSync(directory, { recursive: true });
});

it('gives each site its images; only the label holder keeps training labels, all keep those of the hold-out', async () => {
  const sites = demoSites(path.join(directory, 'phantom'));
  const images = await phantomImages({
    directory: path.join(directory, 'phantom'),
    sites,
    count: 120,
    size: 32,
    seed: 1,
    task: 'tuberculosis',
    onProgress: nothing,
  });
  for (const share of images) {
    const { splits, folds, positive } = await takeIn(share, { pixels, folds: 2 });
    expect(positive).toBe('tuberculosis');
    expect(splits['test']).toMatchObject({ unlabelled: 0 });
    expect(splits['train']!.positive > 0).toBe(share.site.labelled);
    expect(Object.keys(folds).sort()).toEqual(share.site.labelled ? ['0', '1', '2'] : ['1', '2']);
  }
});

it('splits a folder over the sites by origin, and refuses one that is too small', async () => {
  const phantoms = path.join(directory, 'phantom', 'phantoms');
  const real = path.join(directory, 'real');
  const origins: (string | null)[] = [];
  const split = async (source: string): Promise<SiteImages[]> =>
    folderImages({
      directory: real,
      sites: demoSites(real),
      source,
      positive: 'tuberculosis',
      size: 32,
      onProgress: nothing,
      onDealt: (origin) => origins.push(origin),
    });
  const found = await Promise.all((await split(phantoms)).map((share) => takeIn(share, { pixels, folds: 2 })));
  expect(found.reduce((sum, { usable }) => sum + usable, 0)).toBe(120);
  expect(origins).toHaveLength(1);
  rmSync(real, { recursive: true });
  await expect(split(path.join(phantoms, 'site-1'))).rejects.toMatchObject({
    code: 'DEMO.DATA',
    message: expect.stringContaining('take more images') as string,
  });
});
