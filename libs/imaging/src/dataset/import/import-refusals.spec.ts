import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

import { acquireImportLock } from '../import-lock';
import { SampleFolder } from '../testing/sample-images';
import { importDataSet, type ImportResult } from './import-dataset';
import { type ImportOptions } from './import-options';
import { openDecoder } from './open-decoder';

// The first decoding thread has to compile the library.
jest.setTimeout(60_000);

describe('importDataSet', () => {
  const reader = openDecoder(1);
  afterAll(() => reader.close());
  let folder: SampleFolder;
  beforeEach(() => {
    folder = new SampleFolder();
  });
  afterEach(() => {
    folder.remove();
  });
  const run = (over: Partial<ImportOptions> = {}): Promise<ImportResult> =>
    importDataSet({
      dataDirectory: folder.path('data'),
      name: 'set',
      source: folder.path('source'),
      pixels: { size: 32 },
      reader,
      ...over,
    });
  const file = (name: string): string => folder.path(`data/sets/set/${name}`);

  it('refuses a second import of the same set at the same time', async () => {
    await folder.png('source/a.png');
    await run();
    const lock = acquireImportLock(file('import.lock'), 'set');
    await expect(run()).rejects.toMatchObject({ code: 'DATASET.BUSY' });
    lock.release();
    await expect(run()).resolves.toBeDefined();
  });

  it.each<[string, string, Partial<ImportOptions>]>([
    ['DATASET.SOURCE', 'no such source', { source: '/nowhere' }],
    ['DATASET.SOURCE', 'no such labels file', { labels: '/nowhere.csv' }],
    ['DATASET.LABELS_FORMAT', 'a labels file that is a folder', { labels: tmpdir() }],
    ['DATASET.SETTINGS', 'a report that cannot be written', { report: '/nowhere/report.csv' }],
    ['DATASET.STORAGE', 'a data directory that cannot be made', { dataDirectory: '/dev/null/data' }],
    ['DATASET.NAME', 'a name that leaves the folder', { name: '../up' }],
    ['DATASET.SETTINGS', 'shares that do not sum to 1', { settings: { splitShares: { train: 1, val: 1, test: 0 } } }],
    ['DATASET.SETTINGS', 'no folds', { settings: { folds: 0 } }],
    ['DATASET.SETTINGS', 'an absurd size', { pixels: { size: 100_000 } }],
    ['DATASET.POSITIVE_UNKNOWN', 'a class that does not occur', { positive: 'cat' }],
  ])('refuses with %s %s', async (code, _, over) => {
    await folder.png('source/TB/a.png');
    await expect(run(over)).rejects.toMatchObject({ code });
  });

  it('refuses to split a set anew', async () => {
    await folder.png('source/a.png');
    await run({ settings: { seed: '1' } });
    await expect(run({ settings: { seed: '2' } })).rejects.toMatchObject({
      code: 'DATASET.EXISTS_WITH_OTHER_SETTINGS',
    });
    await expect(run()).resolves.toBeDefined();
  });

  it('refuses an empty source, and one with several archives', async () => {
    folder.write('source/readme.md', 'nothing here');
    await expect(run()).rejects.toMatchObject({ code: 'DATASET.SOURCE_EMPTY' });
    folder.write('source/a.npz', 'x');
    folder.write('source/b.npz', 'x');
    await expect(run()).rejects.toMatchObject({ code: 'DATASET.SOURCE_AMBIGUOUS' });
  });

  it('refuses a misspelt positive class before it decodes or creates anything', async () => {
    await folder.png('source/TB/a.png');
    await folder.png('source/NORMAL/b.png');
    const done: number[] = [];
    const misspelt = { positive: 'TBB', onProgress: ({ done: images }: { done: number }) => void done.push(images) };
    await expect(run(misspelt)).rejects.toMatchObject({
      code: 'DATASET.POSITIVE_UNKNOWN',
      message: 'expected --positive to name one of NORMAL, TB, got "TBB"',
    });
    expect(existsSync(folder.path('data'))).toBe(false);
    await run();
    await expect(run(misspelt)).rejects.toMatchObject({ code: 'DATASET.POSITIVE_UNKNOWN' });
    expect(done).toEqual([]);
  });

  it('takes a positive class that only the set knows: a source without labels leaves those that are there', async () => {
    await folder.png('source/a.png');
    await folder.png('source/b.png');
    folder.write('labels.csv', 'file,label\na.png,cat\nb.png,dog\n');
    await run({ labels: folder.path('labels.csv') });
    expect((await run({ positive: 'cat' })).dataSet).toMatchObject({ positive: 'cat', classes: { cat: 1, dog: 1 } });
  });
});
