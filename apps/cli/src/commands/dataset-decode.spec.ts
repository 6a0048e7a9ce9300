import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeDicom } from '@fedistl/imaging';
import { Command } from 'commander';
import { registerDatasetDecode } from './dataset-decode';

const VALUES = Uint16Array.from({ length: 99 }, (_, index) => index * 41);
const PLANTED = ['DOE^JANE', 'MRN-4711', '19520731', 'ST-ELSEWHERE', 'ACC-0815'];

async function planted(): Promise<Uint8Array> {
  return writeDicom({
    transferSyntax: '1.2.840.10008.1.2.4.80',
    pixels: {
      rows: 9,
      columns: 11,
      bitsAllocated: 16,
      bitsStored: 12,
      values: VALUES,
    },
    header: {
      PatientName: 'DOE^JANE',
      PatientID: 'MRN-4711',
      PatientBirthDate: '19520731',
      InstitutionName: 'ST-ELSEWHERE',
      AccessionNumber: 'ACC-0815',
    },
  });
}

describe('fedistl dataset decode', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'decode-'));
  const file = path.join(folder, 'DOE^JANE MRN-4711.dcm');
  let printed: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => {
    printed.push(line);
  });

  beforeEach(() => {
    printed = [];
  });

  afterAll(() => {
    log.mockRestore();
    rmSync(folder, { recursive: true });
  });

  async function run(...args: string[]): Promise<void> {
    const program = new Command().exitOverride();
    registerDatasetDecode(program.command('dataset'));
    await program.parseAsync(['dataset', 'decode', ...args], { from: 'user' });
  }

  it('prints one JSON object without identifiers', async () => {
    writeFileSync(file, await planted());
    await run(file, '--json');
    expect(printed).toHaveLength(1);
    const report: unknown = JSON.parse(printed[0]!);
    expect(report).toMatchObject({
      transferSyntax: '1.2.840.10008.1.2.4.80',
      rows: 9,
      columns: 11,
      bitsStored: 12,
      frames: 1,
      photometricInterpretation: 'MONOCHROME2',
      storedSha256: createHash('sha256').update(VALUES).digest('hex'),
    });
    for (const word of PLANTED) expect(printed.join()).not.toContain(word);
  });

  it('prints a table without identifiers', async () => {
    await run(file);
    expect(printed.join()).toContain('storedSha256');
    for (const word of PLANTED) expect(printed.join()).not.toContain(word);
  });

  it('refuses a damaged file with a code, and names no file', async () => {
    writeFileSync(file, (await planted()).slice(0, 700));
    const error: unknown = await run(file, '--json').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'IMAGING.TRUNCATED' });
    for (const word of PLANTED) expect(String(error)).not.toContain(word);
    expect(printed).toEqual([]);
  });

  it('refuses a file that is not there', async () => {
    await expect(run(path.join(folder, 'MRN-4711'))).rejects.toMatchObject({
      code: 'IMAGING.UNREADABLE',
      message: 'the file cannot be read (ENOENT)',
    });
  });
});
