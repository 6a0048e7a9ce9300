import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { decodeBytes } from '../decode/decode-bytes';
import { renderRadiograph } from '../radiograph/render-radiograph';
import { SYNTHETIC_NOTICE } from './phantom-file';
import { writePhantoms, type WritePhantomsOptions } from './write-phantoms';

jest.setTimeout(60_000);

describe('writePhantoms', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'fedistl-phantoms-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const options = (change: Partial<WritePhantomsOptions> = {}): WritePhantomsOptions => ({
    folder: path.join(folder, 'set'),
    count: 8,
    task: 'tuberculosis',
    sites: 3,
    seed: 1,
    size: 48,
    format: 'png',
    workers: 0,
    ...change,
  });

  const read = (file: string): Buffer => readFileSync(path.join(folder, 'set', file));
  const files = (): string[] => readdirSync(path.join(folder, 'set'), { recursive: true }).map(String).sort();

  it('writes images, a table for all and one for each site', async () => {
    const progress: number[] = [];
    const summary = await writePhantoms(options({ onProgress: (written) => progress.push(written) }));
    expect(progress).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const table = read('labels.csv').toString().trimEnd().split('\n');
    expect(table[0]).toBe('file,split,label,patient,site,acquired_at,synthetic');
    const rows = table.slice(1).map((line) => line.split(','));
    expect(rows).toHaveLength(8);
    for (const [file, split, label, patient, site, acquired, synthetic] of rows) {
      expect(files()).toContain(file);
      expect(['train', 'val', 'test']).toContain(split);
      expect(['normal', 'tuberculosis']).toContain(label);
      expect(patient).toMatch(/^SYNTHETIC-\d{5}$/);
      expect(file).toBe(`${site!}/images/${path.basename(file!)}`);
      expect(acquired).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(synthetic).toBe('yes');
    }
    const ofSites = [1, 2, 3].flatMap((site) =>
      read(`site-${site}/labels.csv`)
        .toString()
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => `site-${site}/${line}`),
    );
    expect(ofSites.sort()).toEqual(table.slice(1).sort());
    expect(summary).toMatchObject({ synthetic: true, images: 8 });
    expect(summary.sites.reduce((sum, site) => sum + site.images, 0)).toBe(8);
    expect(summary.sites.reduce((sum, site) => sum + site.positives, 0)).toBe(
      rows.filter(([, , label]) => label === 'tuberculosis').length,
    );
  });

  it('writes PNGs that decode to 8-bit grey and say that they are synthetic', async () => {
    await writePhantoms(options({ count: 2 }));
    const bytes = read('site-1/images/synthetic-000001.png');
    expect(bytes.toString('latin1')).toContain(`Comment\0${SYNTHETIC_NOTICE}`);
    const decoded = await decodeBytes(bytes);
    expect(decoded).toMatchObject({ format: 'png', rows: 48, columns: 48, bitsStored: 8, samplesPerPixel: 1 });
  });

  it('writes DICOM of several syntaxes, one scanner inverted, that renders to the same picture as the PNG', async () => {
    await writePhantoms(options());
    const pngs = new Map<string, Uint8Array | Uint16Array>();
    for (const file of files().filter((name) => name.endsWith('.png'))) {
      const decoded = await decodeBytes(read(file));
      pngs.set(file.replace('.png', '.dcm'), renderRadiograph(decoded, { size: 48 }).image.pixels);
    }
    rmSync(path.join(folder, 'set'), { recursive: true });
    await writePhantoms(options({ format: 'dicom' }));
    const seen = new Set<string>();
    for (const file of files().filter((name) => name.endsWith('.dcm'))) {
      const bytes = read(file);
      const decoded = await decodeBytes(bytes);
      seen.add(`${decoded.transferSyntax ?? ''} ${decoded.photometricInterpretation}`);
      expect(bytes.toString('latin1')).toContain(SYNTHETIC_NOTICE);
      expect(decoded.header).toMatchObject({
        modality: 'DX',
        bodyPart: 'CHEST',
        viewPosition: 'PA',
        burnedInAnnotation: 'NO',
        imageType: ['DERIVED', 'PRIMARY', 'SYNTHETIC'],
      });
      expect(decoded.header.patientId?.reveal()).toMatch(/^SYNTHETIC-/);
      const { pixels } = renderRadiograph(decoded, { size: 48 }).image;
      const other = pngs.get(file)!;
      const worst = Math.max(...[...pixels].map((v, i) => Math.abs(v - other[i]!)));
      expect(worst).toBeLessThanOrEqual(2);
    }
    expect([...seen].sort()).toEqual([
      '1.2.840.10008.1.2.1 MONOCHROME2',
      '1.2.840.10008.1.2.4.80 MONOCHROME1',
      '1.2.840.10008.1.2.5 MONOCHROME2',
    ]);
  });

  it('writes the same bytes on worker threads', async () => {
    await writePhantoms(options());
    const inline = new Map(
      files()
        .filter((name) => /\.(png|csv)$/.test(name))
        .map((name) => [name, read(name)]),
    );
    rmSync(path.join(folder, 'set'), { recursive: true });
    await writePhantoms(options({ workers: 2 }));
    for (const [name, bytes] of inline) expect(read(name).equals(bytes)).toBe(true);
  });

  it('does not write into a folder that has files', async () => {
    writeFileSync(path.join(folder, 'mine.txt'), 'kept');
    await expect(writePhantoms(options({ folder }))).rejects.toMatchObject({ code: 'PHANTOM.OUTPUT' });
    expect(readdirSync(folder)).toEqual(['mine.txt']);
  });

  it.each([{ size: 27 }, { size: 5000 }, { workers: -1 }, { leastSeverity: 1.5 }])('refuses %j', async (change) => {
    await expect(writePhantoms(options(change))).rejects.toMatchObject({ code: 'PHANTOM.OPTIONS' });
  });
});
