import { createHash } from 'node:crypto';
import {
  appendFileSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeSync,
  closeSync,
  statSync,
} from 'node:fs';

import { zipSync } from 'fflate';

import { checkDataSet } from '../check/check-dataset';
import { DataSet } from '../data-set';
import { dumpIndex } from '../testing/dump-index';
import { dicomBytes, sampleLevels, SampleFolder } from '../testing/sample-images';
import { importDataSet, type ImportResult } from './import-dataset';
import { type ImportOptions } from './import-options';
import { openDecoder } from './open-decoder';

const SIZE = 32;

// The first decoding thread has to compile the library.
jest.setTimeout(60_000);

describe('importDataSet', () => {
  const reader = openDecoder(2);
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
      pixels: { size: SIZE },
      reader,
      ...over,
    });
  const file = (name: string): string => folder.path(`data/sets/set/${name}`);
  const CACHE = `pixels-${SIZE}-u8-squash-clinical.cache`;

  it('goes on past bad files and gives each its reason', async () => {
    const chest = { PatientID: 'P1', Modality: 'DX', BodyPartExamined: 'CHEST', ViewPosition: 'PA' };
    await folder.dicom('source/good', chest);
    await folder.dicom('source/1.2.840.1', { ...chest, ViewPosition: 'LL' });
    await folder.dicom('source/hip.dcm', { ...chest, BodyPartExamined: 'HIP' });
    await folder.dicom('source/ct.dcm', { ...chest, Modality: 'CT' });
    await folder.dicom('source/burnt.dcm', { ...chest, BurnedInAnnotation: 'YES' });
    await folder.dicom('source/small.dcm', chest, 'small', 64);
    folder.write('source/constant.dcm', await dicomBytes(new Uint8Array(256 * 256).fill(9), 256, chest));
    folder.write('source/short.dcm', (await dicomBytes(sampleLevels('short', 256), 256, chest)).subarray(0, 20_000));
    folder.write('source/text.png', 'not a picture');
    folder.write('source/notes.txt', 'passed over');
    await folder.dicom('source/zz-copy.dcm', { ...chest, PatientID: 'P2' }, 'source/good');
    const { dataSet, thisImport } = await run();
    expect(thisImport).toMatchObject({ total: 10, added: 10, ignoredFiles: 1 });
    expect(dataSet).toMatchObject({ found: 10, usable: 1, patients: 1 });
    expect(dataSet.quarantined).toEqual({
      lateral_view: 1,
      not_chest: 1,
      not_radiograph: 1,
      burnt_in_annotation: 1,
      too_small: 1,
      constant: 1,
      unreadable: 2,
      duplicate: 1,
    });
  });

  it('adds only what is new the second time, and does nothing the third', async () => {
    for (const at of [1, 2, 3]) await folder.png(`source/TB/${at}.png`);
    await folder.png('source/NORMAL/9.png');
    await run();
    await folder.png('source/NORMAL/10.png');
    const second = await run();
    expect(second.thisImport).toMatchObject({ added: 1, unchanged: 4 });
    expect(second.dataSet).toMatchObject({ usable: 5, positive: 'TB', classes: { TB: 3, NORMAL: 2 } });
    const before = dumpIndex(file('index.db'));
    expect((await run()).thisImport).toMatchObject({ added: 0, renewed: 0, relabelled: 0, unchanged: 5 });
    expect(dumpIndex(file('index.db'))).toEqual(before);
  });

  it('takes up labels that come later, or are corrected, without decoding again', async () => {
    await folder.png('source/a.png');
    await folder.png('source/b.png');
    expect((await run()).dataSet.splits['train']).toMatchObject({ unlabelled: 2 });
    folder.write('source/labels.csv', 'file,split,label\na.png,test,TB\nb.png,train,NORMAL\n');
    const labelled = await run();
    expect(labelled.thisImport).toMatchObject({ added: 0, renewed: 0, relabelled: 2 });
    expect(labelled.dataSet.splits).toMatchObject({ test: { positive: 1 }, train: { negative: 1 } });
    folder.write('source/labels.csv', 'file,split,label\na.png,test,NORMAL\nb.png,train,TB\n');
    expect((await run()).dataSet.splits).toMatchObject({ test: { negative: 1 }, train: { positive: 1 } });
    rmSync(folder.path('source/labels.csv'));
    expect((await run()).dataSet.splits).toMatchObject({ test: { negative: 1 }, train: { positive: 1 } });
  });

  it('quarantines a listed file that is missing, and takes it up when it appears', async () => {
    await folder.png('source/a.png');
    folder.write('source/labels.csv', 'file,label\na.png,TB\nb.png,NORMAL\n');
    expect((await run()).dataSet).toMatchObject({ found: 2, usable: 1, quarantined: { missing_file: 1 } });
    await folder.png('source/b.png');
    expect((await run()).dataSet).toMatchObject({ found: 2, usable: 2, quarantined: {} });
  });

  it('notices a file that was replaced', async () => {
    await folder.png('source/a.png');
    await run();
    await folder.png('source/a.png', 'other pixels');
    utimesSync(folder.path('source/a.png'), 1, 1);
    const { thisImport, dataSet } = await run();
    expect(thisImport).toMatchObject({ renewed: 1, unchanged: 0 });
    expect(dataSet).toMatchObject({ found: 1, usable: 1 });
    expect(pixelsOf('a.png', await readSet())).toEqual(sampleLevels('other pixels', SIZE));
  });

  it('recognises a source that was moved', async () => {
    await folder.png('source/a.png');
    await folder.png('source/b.png');
    await run();
    renameSync(folder.path('source'), folder.path('elsewhere'));
    expect(await run({ source: folder.path('elsewhere') })).toMatchObject({
      dataSet: { found: 2, usable: 2 },
      thisImport: { added: 0, renewed: 2 },
    });
    expect((await run({ source: folder.path('elsewhere') })).thisImport).toMatchObject({ unchanged: 2 });
  });

  it('keeps equal names from different sources apart', async () => {
    await folder.png('source/1.png', 'one');
    await folder.png('other/1.png', 'two');
    await run();
    expect((await run({ source: folder.path('other') })).dataSet).toMatchObject({ found: 2, usable: 2 });
  });

  it('moves a training image out of the way when a held-out copy of it arrives', async () => {
    await folder.png('source/train/a.png', 'same');
    await folder.png('source/train/b.png');
    await run();
    await folder.png('source/test/c.png', 'same');
    const { dataSet } = await run();
    expect(dataSet.quarantined).toEqual({ duplicate: 1 });
    expect(dataSet.splits).toMatchObject({ train: { images: 1, given: 2 }, test: { images: 1 } });
    expect((await run({ settings: { duplicates: 'keep' } })).dataSet).toMatchObject({ usable: 3, quarantined: {} });
  });

  it('rebuilds damaged and cut-off pixels to the same bytes', async () => {
    for (let at = 0; at < 6; at += 1) await folder.png(`source/${at}.png`);
    await run();
    const whole = readFileSync(file(CACHE));
    const descriptor = openSync(file(CACHE), 'r+');
    writeSync(descriptor, Buffer.from('torn'), 0, 4, whole.length - 700);
    closeSync(descriptor);
    const check = await checkDataSet({
      dataDirectory: folder.path('data'),
      name: 'set',
      source: folder.path('source'),
      repair: true,
    });
    expect(check).toMatchObject({
      ok: false,
      index: 'ok',
      source: { same: 6, changed: 0 },
      caches: [{ damaged: [{ slot: 5 }] }],
    });
    await expect(readSet()).rejects.toMatchObject({ code: 'DATASET.CACHE_MISSING' });
    expect((await run()).thisImport).toMatchObject({ renewed: 1, unchanged: 5 });
    expect(readFileSync(file(CACHE)).equals(whole)).toBe(true);

    truncateSync(file(CACHE), whole.length - 2000);
    await run();
    expect(readFileSync(file(CACHE)).equals(whole)).toBe(true);

    rmSync(file(CACHE));
    expect((await run()).thisImport).toMatchObject({ renewed: 6 });
    expect(readFileSync(file(CACHE)).equals(whole)).toBe(true);

    appendFileSync(file(CACHE), 'what a crash left behind');
    await run();
    expect(readFileSync(file(CACHE)).equals(whole)).toBe(true);
    expect(await checkDataSet({ dataDirectory: folder.path('data'), name: 'set' })).toMatchObject({ ok: true });
  });

  it('adds pixels of another size beside the first', async () => {
    await folder.png('source/a.png', 'a', 64);
    await run();
    expect((await run({ pixels: { size: 16, bits: 16 } })).dataSet.caches.map(({ spec }) => spec)).toEqual([
      '32-u8-squash-clinical',
      '16-u16-squash-clinical',
    ]);
    const dataSet = DataSet.open({ dataDirectory: folder.path('data'), name: 'set', pixels: { size: 16 } });
    expect(dataSet.select().imageBytes).toBe(16 * 16 * 2);
    dataSet.close();
  });

  it('gives splits that do not depend on file names', async () => {
    const names = Array.from({ length: 40 }, (_, at) => at);
    for (const at of names) await folder.png(`source/${at}.png`, `content ${at}`);
    for (const at of names) await folder.png(`renamed/${(at * 17) % 40}-x.png`, `content ${at}`);
    await run();
    const dataDirectory = folder.path('data 2');
    await run({ dataDirectory, source: folder.path('renamed') });
    const splitsOf = (index: string) =>
      dumpIndex(index)
        ['image']!.map((row) => [row['content_sha256'], row['split'], row['fold']])
        .sort();
    expect(splitsOf(`${dataDirectory}/sets/set/index.db`)).toEqual(splitsOf(file('index.db')));
  });

  it('reads archives: splits, classes, colour and 16 bits', async () => {
    const grey = Uint8Array.from({ length: 3 * 32 * 32 }, (_, at) => (at * 7919) % 251);
    const rgb = Uint8Array.from({ length: 2 * 32 * 32 * 3 }, (_, at) => (at * 104_729) % 241);
    folder.write(
      'source/set.npz',
      zipSync({
        'train_images.npy': npy('|u1', [3, 32, 32], grey),
        'train_labels.npy': npy('|u1', [3, 1], Uint8Array.of(0, 1, 1)),
        'test_images.npy': npy('|u1', [2, 32, 32, 3], rgb),
      }),
    );
    const { dataSet } = await run({ pixels: {} });
    expect(dataSet).toMatchObject({ found: 5, usable: 5, positive: '1' });
    expect(dataSet.splits).toMatchObject({
      train: { images: 3, positive: 2, negative: 1 },
      test: { images: 2, unlabelled: 2 },
    });
    const opened = await readSet();
    const train = opened.select({ split: 'train' });
    const out = new Uint8Array(train.length * train.imageBytes);
    train.readPixels([0, 1, 2], out);
    opened.close();
    expect(Buffer.from(out).equals(Buffer.from(grey))).toBe(true);
  });

  it('writes the operator a report with paths, readable by nobody else', async () => {
    folder.write('source/broken, "very".png', 'no');
    await run({ report: folder.path('report.csv') });
    expect(readFileSync(folder.path('report.csv'), 'utf8')).toBe(
      'file,reason,code\r\n"broken, ""very"".png",unreadable,IMAGING.NOT_AN_IMAGE\r\n',
    );
    expect(statSync(folder.path('report.csv')).mode & 0o777).toBe(0o600);
  });

  async function readSet(): Promise<DataSet> {
    return Promise.resolve(DataSet.open({ dataDirectory: folder.path('data'), name: 'set' }));
  }

  /** Pixels of the image whose file lies at `name` in the source. */
  function pixelsOf(name: string, dataSet: DataSet): Uint8Array {
    const content = createHash('sha256')
      .update(readFileSync(folder.path(`source/${name}`)))
      .digest('hex');
    const selection = dataSet.select();
    const index = selection.items.findIndex(({ contentSha256 }) => contentSha256 === content);
    const out = new Uint8Array(selection.imageBytes);
    selection.readPixels([index], out);
    dataSet.close();
    return out;
  }
});

function npy(dtype: string, shape: readonly number[], values: Uint8Array): Uint8Array {
  const header = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`.padEnd(117) + '\n';
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY'),
    Buffer.from([1, 0, 118, 0]),
    Buffer.from(header),
    values,
  ]);
}
