import { gzipSync } from 'node:zlib';

import { SampleFolder } from '../testing/sample-images';
import { readLabelFile } from './label-file';

const NOTHING = { keep: [], positive: null };

describe('readLabelFile', () => {
  const folder = new SampleFolder();
  afterAll(() => {
    folder.remove();
  });
  let written = 0;
  const table = (text: string, options = NOTHING as { keep: readonly string[]; positive: string | null }) =>
    readLabelFile(folder.write(`${written++}.csv`, text), options);

  it('reads file, split, label and patient, keeps harmless columns and drops those that may identify', () => {
    const labels = table(
      'file,split,label,patient,site,source_name,PatientName\na/1.png,validation,TB,77,tbdb,MUSTERMANN-1.png,Mustermann\n',
    ).find('a/1.png');
    expect(labels).toMatchObject({ split: 'val', className: 'TB', patient: '77', attributes: { site: 'tbdb' } });
    expect(JSON.stringify(labels)).not.toMatch(/mustermann/i);
  });

  it('keeps a column that the operator vouches for', () => {
    const labels = table('file,label,Detector\n1.png,TB,DX-9\n', { keep: ['detector'], positive: null }).find('1.png');
    expect(labels?.attributes).toEqual({ Detector: 'DX-9' });
  });

  it('reads one 0/1 column a finding, leaving uncertain and empty ones out', () => {
    const labels = table('file,Pneumonia,Pneumothorax,Edema,view,age,sex\n1.png,1,0,-1,pa,057Y,Female\n').find('1.png');
    expect(labels?.findings).toEqual({ Pneumonia: 1, Pneumothorax: 0 });
    expect(labels).toMatchObject({ view: 'PA', attributes: { age: 57, sex: 'F' } });
  });

  it('reads the NIH table, whose header has unquoted commas, and finds re-encoded copies by name', () => {
    const nih = table(
      'Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height]\n' +
        '00000001_000.png,Cardiomegaly|Pleural_Thickening,0,1,414,M,AP,2682,2749\n00000002_000.png,No Finding,0,2,95,F,PA,1,1\n',
    );
    const labels = nih.find('px256/00000001_000.jpg');
    expect(Object.entries(labels?.findings ?? {}).filter(([, value]) => value === 1)).toEqual([
      ['Cardiomegaly', 1],
      ['Pleural_Thickening', 1],
    ]);
    expect(Object.keys(labels?.findings ?? {})).toHaveLength(14);
    // 414 years is an error of the table; ages over 89 identify and are cut to 90.
    expect(labels?.attributes).toEqual({ sex: 'M' });
    expect(nih.find('00000002_000.png')?.attributes).toEqual({ age: 90, sex: 'F' });
    expect(nih.listed.size).toBe(0);
  });

  it('reads a gzipped table', () => {
    const file = folder.write('labels.csv.gz', gzipSync('file,label\n1.png,TB\n'));
    expect(readLabelFile(file, NOTHING).find('1.png')?.className).toBe('TB');
  });

  it('does not guess between two rows of the same name', () => {
    const twice = table('file,label\na/1.png,TB\nb/1.png,NORMAL\n');
    expect(twice.find('c/1.png')).toBeNull();
    expect(twice.find('b/1.png')?.className).toBe('NORMAL');
  });

  it.each([
    ['an unknown split', 'file,split\n1.png,Mustermann\n', /row 2/],
    ['a finding that is no 0 or 1', 'file,Pneumonia\n1.png,Mustermann\n', /row 2/],
    ['a row of another length', 'file,label\n1.png,TB,Mustermann\n', /expected 2 fields in row 2 .* got 3/],
    ['an image listed twice', 'file,label\n1.png,TB\n./1.png,TB\n', /row 3/],
    ['no column with images', 'name,label\nMustermann,TB\n', /'file' or 'Image Index'/],
    ['nothing', '', /empty/],
  ])('refuses %s with the row and without its content', (_, text, message) => {
    const error = thrown(() => table(text));
    expect(error).toMatchObject({ code: 'DATASET.LABELS_FORMAT' });
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toMatch(/mustermann/i);
  });
});

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('expected an error');
}
