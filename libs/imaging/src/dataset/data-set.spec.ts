import { DataSet } from './data-set';
import { importDataSet } from './import/import-dataset';
import { IndexDatabase } from './store/index-database';
import { sampleLevels, SampleFolder } from './testing/sample-images';

jest.setTimeout(60_000);

const SIZE = 32;

describe('DataSet', () => {
  const folder = new SampleFolder();
  let dataSet: DataSet;
  const open = (over: { positive?: string } = {}): DataSet =>
    DataSet.open({ dataDirectory: folder.path('data'), name: 'set', ...over });

  beforeAll(async () => {
    const rows = ['file,split,label,patient,Edema,site,age'];
    for (let at = 0; at < 30; at += 1) {
      const name = `${String(at).padStart(2, '0')}.png`;
      await folder.png(`source/${name}`, `content ${at}`);
      if (at < 24)
        rows.push(
          `${name},${['train', 'train', 'val', 'test'][at % 4]!},${at % 3 === 0 ? 'TB' : 'NORMAL'},P${at % 12},${at % 2},${at < 8 ? 'north' : 'south'},${40 + at}`,
        );
    }
    folder.write('source/labels.csv', rows.join('\n'));
    await importDataSet({
      dataDirectory: folder.path('data'),
      name: 'set',
      source: folder.path('source'),
      pixels: { size: SIZE },
      workers: 1,
    });
    dataSet = open();
  });
  afterAll(() => {
    dataSet.close();
    folder.remove();
  });

  it('selects by split, label and fold', () => {
    expect(dataSet.select().length).toBe(30);
    expect(dataSet.select({ split: 'val', label: 'known' }).length).toBe(6);
    expect(dataSet.select({ split: ['val', 'test'], label: 1 }).labels()).toEqual(Int8Array.of(1, 1, 1, 1));
    expect(dataSet.select({ label: null }).length).toBe(6);
    const folds = [1, 2, 3].map((fold) => dataSet.select({ fold }).length);
    expect(folds.reduce((sum, n) => sum + n)).toBe(dataSet.select({ split: 'train' }).length);
    expect(dataSet.select({ fold: [1, 2] }).length).toBe(folds[0]! + folds[1]!);
    expect(dataSet.select({ split: [] }).length).toBe(0);
  });

  it('selects by attribute and gives attributes along', () => {
    const north = dataSet.select({ attributes: { site: 'north' } });
    expect(north.length).toBe(8);
    expect(north.item(3).attributes).toEqual({ site: 'north', age: 43 });
    expect(dataSet.select({ attributes: { site: 'south', age: 50 } }).length).toBe(1);
    expect(dataSet.select({ attributes: { site: "no'rth" } }).length).toBe(0);
    expect(dataSet.summary().attributes).toEqual({ site: { north: 8, south: 16 } });
  });

  it('reads the labels of another class or finding when asked', () => {
    const byFinding = open({ positive: 'edema' });
    expect(byFinding.positive).toBe('Edema');
    expect(byFinding.select({ label: 1 }).length).toBe(12);
    byFinding.close();
    expect(() => open({ positive: 'cat' })).toThrow(
      expect.objectContaining({ code: 'DATASET.POSITIVE_UNKNOWN' }) as Error,
    );
  });

  it('reads pixels in the order asked for, and hands them to views', async () => {
    const selection = dataSet.select();
    const indices = [29, 0, 7, 7];
    const out = new Uint8Array(new SharedArrayBuffer(indices.length * selection.imageBytes));
    selection.readPixels(indices, out);
    indices.forEach((at, position) => {
      const pixels = out.slice(position * SIZE * SIZE, (position + 1) * SIZE * SIZE);
      expect(Buffer.from(pixels).equals(Buffer.from(sampleLevels(`content ${at}`, SIZE)))).toBe(true);
    });
    const source = selection.viewSource();
    const one = new Uint8Array(SIZE * SIZE);
    await source.read(7, one);
    expect(Buffer.from(one).equals(Buffer.from(sampleLevels('content 7', SIZE)))).toBe(true);
    expect(source).toMatchObject({ width: SIZE, height: SIZE, count: 30 });
    expect(source.id(7)).toMatch(/^[0-9a-f]{64}$/);
    expect(() => {
      selection.readPixels([30], one);
    }).toThrow(expect.objectContaining({ code: 'DATASET.RANGE' }) as Error);
  });

  it('shuffles by seed and epoch, the same way each time', () => {
    const selection = dataSet.select();
    expect([...selection.order(1, 0)].sort((a, b) => a - b)).toEqual([...selection.items.keys()]);
    expect(selection.order(1, 0)).toEqual(open().select().order(1, 0));
    expect(selection.order(1, 0)).not.toEqual(selection.order(1, 1));
    expect(selection.order(1, 0)).not.toEqual(selection.order(2, 0));
  });

  it('refuses a first import that did not end, and a size that was not made', () => {
    expect(() => DataSet.open({ dataDirectory: folder.path('data'), name: 'set', pixels: { size: 99 } })).toThrow(
      expect.objectContaining({ code: 'DATASET.CACHE_MISSING' }) as Error,
    );
    folder.write('data/sets/half/.keep', '');
    IndexDatabase.open(folder.path('data/sets/half/index.db')).close();
    expect(() => DataSet.open({ dataDirectory: folder.path('data'), name: 'half' })).toThrow(
      expect.objectContaining({ code: 'DATASET.INCOMPLETE' }) as Error,
    );
    expect(() => DataSet.open({ dataDirectory: folder.path('data'), name: 'none' })).toThrow(
      expect.objectContaining({ code: 'DATASET.NOT_FOUND' }) as Error,
    );
  });
});
