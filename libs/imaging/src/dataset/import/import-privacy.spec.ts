import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { checkDataSet } from '../check/check-dataset';
import { DataSet } from '../data-set';
import { SampleFolder } from '../testing/sample-images';
import { importDataSet } from './import-dataset';

jest.setTimeout(60_000);

const NAME = 'Planted';
// Not digits in a row: enlarged pixels make ramps, and a ramp spells 9876543210.
const NUMBER = '4719360258';
const BIRTH = '19330517';

describe('identifiers', () => {
  const folder = new SampleFolder();
  afterAll(() => {
    folder.remove();
  });
  const printed: string[] = [];
  const record = (chunk: unknown): boolean => {
    printed.push(String(chunk));
    return true;
  };

  it('reach neither the index, the cache, the output nor an error', async () => {
    const out = jest.spyOn(process.stdout, 'write').mockImplementation(record);
    const err = jest.spyOn(process.stderr, 'write').mockImplementation(record);
    const consoles = (['log', 'warn', 'error', 'info', 'debug'] as const).map((level) =>
      jest
        .spyOn(console, level)
        .mockImplementation((...values: unknown[]) => void record(values.map(String).join(' '))),
    );
    try {
      await plantAndImport();
    } finally {
      for (const spy of [out, err, ...consoles]) spy.mockRestore();
    }
    const stored = filesBelow(folder.path('data')).map(
      (file) => [file, readFileSync(file).toString('latin1')] as const,
    );
    expect(stored.length).toBeGreaterThanOrEqual(3);
    for (const word of [NAME, NAME.toUpperCase(), NUMBER, BIRTH, '1933-05-17']) {
      for (const [file, content] of stored) {
        expect(path.relative(folder.path('data'), file)).not.toContain(word);
        expect({ file, word, at: content.indexOf(word) }).toEqual({ file, word, at: -1 });
      }
      expect(printed.join('\n')).not.toContain(word);
    }
    expect(printed.length).toBeGreaterThan(0);
  });

  async function plantAndImport(): Promise<void> {
    const header = {
      PatientName: `${NAME}^Petra`,
      PatientID: NUMBER,
      PatientBirthDate: BIRTH,
      AccessionNumber: NUMBER,
      InstitutionName: `${NAME} Hospital`,
      ReferringPhysicianName: `${NAME}^Doctor`,
      StudyDescription: `Chest of ${NAME}`,
      PatientComments: `${NAME} ${NUMBER}`,
      PatientAddress: `1 ${NAME} Road`,
      StudyID: NUMBER,
      Modality: 'DX',
      BodyPartExamined: 'CHEST',
      AcquisitionDate: '20210304',
    };
    await folder.dicom(`source/${NAME}_Petra/${NUMBER}`, header);
    await folder.dicom(`source/${NAME}_Petra/${NUMBER}.dcm`, { ...header, Modality: NAME.slice(0, 7) }, 'second');
    await folder.dicom(
      `source/${NAME}_Petra/third.dcm`,
      { ...header, BodyPartExamined: NAME.toUpperCase(), ViewPosition: NAME.toUpperCase() },
      'third',
    );
    folder.write(
      `source/${NAME}_Petra/${NUMBER}-cut.dcm`,
      readFileSync(folder.path(`source/${NAME}_Petra/${NUMBER}`)).subarray(0, 5000),
    );
    folder.write(`source/${NAME}.png`, `no image of ${NAME}`);
    await folder.png(`source/${NUMBER}.png`);
    folder.write(
      'labels.csv',
      `file,label,patient,PatientName,mrn\n${NUMBER}.png,TB,${NUMBER},${NAME},${NUMBER}\nmissing-${NAME}.png,TB,${NUMBER},${NAME},${NUMBER}\n`,
    );
    const options = {
      dataDirectory: folder.path('data'),
      name: 'set',
      source: folder.path('source'),
      labels: folder.path('labels.csv'),
      workers: 1,
    };
    const result = await importDataSet({
      ...options,
      pixels: { size: 32 },
      onProgress: (progress) => record(JSON.stringify(progress)),
    });
    record(JSON.stringify(result));
    const dataSet = DataSet.open({ dataDirectory: options.dataDirectory, name: 'set' });
    const items = dataSet.select().items;
    // The same person in the header of one file and in the table for another: one pseudonym.
    expect(items).toHaveLength(2);
    expect(new Set(items.map(({ patient }) => patient)).size).toBe(1);
    record(JSON.stringify(items));
    dataSet.close();
    record(
      JSON.stringify(await checkDataSet({ dataDirectory: options.dataDirectory, name: 'set', source: options.source })),
    );
    folder.write('bad.csv', `file,split\n${NUMBER}.png,${NAME}\n`);
    for (const over of [
      { labels: folder.path('bad.csv') },
      { source: folder.path(`${NAME}/none`) },
      { positive: 'cat' },
    ]) {
      const error: unknown = await importDataSet({ ...options, ...over }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: expect.stringMatching(/^DATASET\./) as string });
      const { code, message, details, stack, cause } = error as Error & { code: string; details: unknown };
      record(JSON.stringify({ code, message, details, stack, cause: String(cause) }));
    }
  }
});

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
