import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { writeDicom } from '@fedistl/imaging';
import { Command } from 'commander';
import { registerDataset } from './dataset';

jest.setTimeout(60_000);

const SIDE = 256;

describe('fedistl dataset', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'fedistl-cli-'));
  const source = path.join(root, 'Site A');
  const sheet = path.join(root, 'sheet.png');

  beforeAll(async () => {
    for (let at = 0; at < 8; at += 1) {
      const folder = path.join(source, at % 2 === 0 ? 'TB' : 'Normal');
      mkdirSync(folder, { recursive: true });
      const values = Uint8Array.from({ length: SIDE * SIDE }, (_, i) => (i * (at + 1) + (i >> 8)) & 255);
      const pixels = { values, rows: SIDE, columns: SIDE, bitsAllocated: 8 as const, bitsStored: 8 };
      const header = { PatientID: `P${at}`, Modality: at === 7 ? 'CT' : 'DX', BodyPartExamined: 'CHEST' };
      writeFileSync(
        path.join(folder, String(at)),
        await writeDicom({ transferSyntax: '1.2.840.10008.1.2.1', pixels, header }),
      );
    }
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });
  afterEach(() => {
    process.exitCode = undefined;
  });

  /** Lines that a command prints on stdout. */
  async function run(...words: string[]): Promise<string[]> {
    const printed: string[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((text: unknown) => void printed.push(String(text)));
    const progress = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const program = new Command('fedistl').exitOverride();
      registerDataset(program);
      await program.parseAsync(['node', 'fedistl', 'dataset', ...words, '--data-dir', path.join(root, 'data')]);
    } finally {
      log.mockRestore();
      progress.mockRestore();
    }
    return printed;
  }
  const json = async (...words: string[]): Promise<unknown> => {
    const [only, ...more] = await run(...words, '--json');
    expect(more).toEqual([]);
    return JSON.parse(only!);
  };

  it('imports as written, with a name made from the source, and prints one JSON object', async () => {
    expect(await json('import', source, '--size', '64')).toMatchObject({
      dataSet: { name: 'site-a', found: 8, usable: 7, patients: 7, positive: 'TB', quarantined: { not_radiograph: 1 } },
      thisImport: { added: 8 },
    });
  });

  it('imports again without doing anything, and says so', async () => {
    const text = (await run('import', source, '--size', '64')).join('\n');
    expect(text).toContain('source: 8 images: 0 new, 0 done again, 0 relabelled, 8 known');
    expect(text).toMatch(/not_radiograph +1 {2}the header names a modality other than plain radiography/);
  });

  it('lists and shows', async () => {
    expect(await json('list')).toMatchObject({ dataSets: [{ name: 'site-a', found: 8, usable: 7 }] });
    expect((await run('list')).join('\n')).toMatch(/site-a +8 +7 +7 {2}TB +complete/);
    expect(await json('show', 'site-a')).toMatchObject({
      classes: { TB: 4, Normal: 3 },
      caches: [{ records: 7, damaged: 0 }],
    });
    expect((await run('show', 'site-a')).join('\n')).toContain('site-a: 8 images found, 7 usable, 1 quarantined');
    await expect(run('show', 'nothing')).rejects.toMatchObject({ code: 'DATASET.NOT_FOUND' });
  });

  it('checks, finds a damaged record, and repairs it with the next import', async () => {
    expect(await json('check', 'site-a', '--source', source)).toMatchObject({ ok: true, source: { same: 8 } });
    expect(process.exitCode).toBeUndefined();
    const cache = path.join(root, 'data/sets/site-a/pixels-64-u8-squash-clinical.cache');
    const bytes = readFileSync(cache);
    bytes[bytes.length - 100]! ^= 255;
    writeFileSync(cache, bytes);
    expect((await run('check', 'site-a', '--repair')).join('\n')).toContain('import the source again to rebuild them');
    expect(process.exitCode).toBe(1);
    await run('import', source, '--size', '64');
    expect(await json('check', 'site-a')).toMatchObject({ ok: true });
  });

  it('writes contact sheets of images and of the views of one', async () => {
    const { rows } = (await json('export-sheet', 'site-a', sheet)) as { rows: { images: number[] }[] };
    expect(readFileSync(sheet).subarray(1, 4).toString()).toBe('PNG');
    expect(rows.flatMap(({ images }) => images)).toHaveLength(7);
    const first = readFileSync(sheet);
    await run('export-sheet', 'site-a', sheet, '--views', String(rows[0]!.images[0]!));
    expect(readFileSync(sheet).equals(first)).toBe(false);
    await expect(run('export-sheet', 'site-a', sheet, '--views', '999')).rejects.toMatchObject({
      code: 'DATASET.RANGE',
    });
  });
});
