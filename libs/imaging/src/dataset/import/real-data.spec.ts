import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { DataSet } from '../data-set';
import { SampleFolder } from '../testing/sample-images';
import { importDataSet, type ImportResult } from './import-dataset';
import { type ImportOptions } from './import-options';
import { openDecoder } from './open-decoder';

jest.setTimeout(120_000);

const DATA = path.join(process.env['FEDISTL_SHARED'] ?? path.resolve(__dirname, '../../../../../../shared'), 'data');

/** A test on a published data set, which is never part of the project: skipped, and said so, where it is not there. */
function onData(name: string, title: string, test: (source: string) => Promise<void>): void {
  const source = path.join(DATA, name);
  if (existsSync(source)) {
    it(title, () => test(source));
  } else {
    process.stderr.write(`SKIPPED: "${title}" needs ${name} beside the project; set FEDISTL_SHARED\n`);
    it.skip(title, () => undefined);
  }
}

describe('published data sets', () => {
  const folder = new SampleFolder();
  const reader = openDecoder(2);
  afterAll(async () => {
    await reader.close();
    folder.remove();
  });
  const run = (source: string, over: Partial<ImportOptions> = {}): Promise<ImportResult> =>
    importDataSet({ dataDirectory: folder.root, name: 'set', source, reader, ...over });

  onData('tb_256', 'tb_256: all 1,436 images, splits and classes as its README says', async (source) => {
    const { dataSet } = await run(source, { name: 'tb', pixels: { size: 64 } });
    expect(dataSet).toMatchObject({
      found: 1436,
      usable: 1436,
      quarantined: {},
      positive: 'TB',
      classes: { TB: 692, NORMAL: 744 },
      attributes: { site: { tbdb: 692, rsna: 600, pakistan: 144 } },
    });
    expect(dataSet.splits).toMatchObject({
      train: { given: 987, images: 987, positive: 477, negative: 410 + 100 },
      val: { given: 232, images: 232, positive: 116, negative: 97 + 19 },
      test: { given: 217, images: 217, positive: 99, negative: 93 + 25 },
    });
  });

  onData(
    'pneumoniamnist_28',
    'PneumoniaMNIST: the counts of its README, and its duplicates explained',
    async (source) => {
      const kept = await run(source, { name: 'pneumonia', settings: { duplicates: 'keep' } });
      expect(kept.dataSet).toMatchObject({ found: 5856, usable: 5856, positive: '1' });
      expect(kept.dataSet.splits).toMatchObject({
        train: { images: 4708, negative: 1214, positive: 3494 },
        val: { images: 524, negative: 135, positive: 389 },
        test: { images: 624, negative: 234, positive: 390 },
      });
      const { dataSet } = await run(source, { name: 'pneumonia', settings: { duplicates: 'quarantine' } });
      // Counted by hand with numpy: 27 groups of equal images, 29 superfluous copies. The validation set stays whole, also
      // where a training image equals one of it; the test set repeats three images of its own.
      expect(dataSet).toMatchObject({ found: 5856, usable: 5827, quarantined: { duplicate: 29 } });
      expect(dataSet.splits).toMatchObject({
        train: { given: 4708, images: 4682 },
        val: { given: 524, images: 524, negative: 135, positive: 389 },
        test: { given: 624, images: 621 },
      });
    },
  );

  onData(
    'nih_chestxray14',
    'NIH ChestX-ray14: 1,993 images of 940 patients, split as its README says',
    async (source) => {
      const { dataSet } = await run(source, {
        name: 'nih',
        positive: 'Pneumothorax',
        pixels: { size: 64 },
        settings: { duplicates: 'keep' },
      });
      expect(dataSet).toMatchObject({
        found: 1993,
        usable: 1993,
        patients: 940,
        withoutPatient: 0,
        straddlingPatients: 0,
        positive: 'Pneumothorax',
      });
      expect(dataSet.splits).toMatchObject({
        train: { images: 1434, patients: 651, positive: 26, findings: { Pneumonia: 345, 'No Finding': 724 } },
        val: { images: 241, patients: 128, positive: 10, findings: { Pneumonia: 72, 'No Finding': 123 } },
        test: { images: 318, patients: 161, positive: 16, findings: { Pneumonia: 87, 'No Finding': 152 } },
      });
      // One patient's image was published twice, byte for byte, as training images without finding.
      const strict = await run(source, { name: 'nih', settings: { duplicates: 'quarantine' } });
      expect(strict.dataSet).toMatchObject({ found: 1993, usable: 1992, quarantined: { duplicate: 1 } });
      expect(strict.dataSet.splits).toMatchObject({
        train: { given: 1434, images: 1433, findings: { 'No Finding': 723 } },
      });
    },
  );

  onData(
    'nih_chestxray14',
    'NIH in the layout of ChestMNIST: fourteen findings, pneumothorax in column 7',
    async (source) => {
      const { dataSet } = await run(path.join(source, 'nih_subset_28.npz'), { name: 'chestmnist', positive: '7' });
      expect(dataSet).toMatchObject({ found: 1993, positive: 'Pneumothorax' });
      expect(dataSet.splits).toMatchObject({ train: { positive: 26 }, val: { positive: 10 }, test: { positive: 16 } });
    },
  );

  onData(
    'dicom',
    'DICOM: every one of the 97 files counted, with the reason that its manifest implies',
    async (source) => {
      const { dataSet, thisImport } = await run(source, { name: 'dicom', pixels: { size: 128 } });
      const expected = expectedOfManifest(source);
      expect(thisImport.total).toBe(97);
      expect(dataSet).toMatchObject({ found: 97, usable: expected.usable, quarantined: expected.quarantined });
      const opened = DataSet.open({ dataDirectory: folder.root, name: 'dicom' });
      const selection = opened.select();
      selection.readPixels([...selection.items.keys()], new Uint8Array(selection.length * selection.imageBytes));
      opened.close();
    },
  );
});

interface ManifestFile {
  readonly file: string;
  readonly modality: string | null;
  readonly body_part: string | null;
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  readonly pixel_sha256: Readonly<Record<string, string>>;
}

/** Files that no reader may accept, by the README. */
const REFUSED = ['MR_truncated', 'bad_truncated_pixels', 'bad_no_preamble_text'];

/** What an import must find, worked out from the manifest alone. */
function expectedOfManifest(source: string): { usable: number; quarantined: Record<string, number> } {
  const { files } = JSON.parse(readFileSync(path.join(source, 'manifest.json'), 'utf8')) as { files: ManifestFile[] };
  const counts: Record<string, number> = {};
  const pixels = new Set<string>();
  const count = (reason: string): void => {
    counts[reason] = (counts[reason] ?? 0) + 1;
  };
  for (const file of files) {
    const key = `${file.rows}x${file.columns} ${Object.values(file.pixel_sha256)[0] ?? ''}`;
    if (REFUSED.some((name) => file.file.includes(name))) count('unreadable');
    else if (file.frames > 1) count('multi_frame');
    else if (!['CR', 'DX'].includes(file.modality ?? '')) count('not_radiograph');
    else if (file.body_part !== 'CHEST') count('not_chest');
    else if (pixels.has(key)) count('duplicate');
    else pixels.add(key);
  }
  return { usable: pixels.size, quarantined: counts };
}
