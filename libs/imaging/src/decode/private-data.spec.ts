import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { createRng } from '@fedistl/core';
import { writeDicom } from '../dicom-writer/write-dicom';
import { decodeReport } from './decode-report';
import { DecodePool } from './pool/decode-pool';
import { mutate } from './testing/mutate';
import { syntheticPixels } from './synthetic-pixels';

/** Planted in every text field that can identify someone; none may come out anywhere. */
const PLANTED = {
  PatientName: 'QUILLFEATHER^JANE',
  PatientID: 'MRN-ZX4711',
  PatientBirthDate: '19520731',
  PatientAddress: 'ELMSTREETQX 7',
  PatientComments: 'COMMENTQX',
  InstitutionName: 'STELSEWHEREQX',
  ReferringPhysicianName: 'HOUSEQX^GREGORY',
  AccessionNumber: 'ACCQX0815',
  StudyDescription: 'STUDYQX FOR JANE',
  SeriesDescription: 'SERIESQX',
  StudyID: 'SIDQX99',
} as const;
const WORDS = Object.values(PLANTED)
  .flatMap((value) => value.split(/[\^ ]/))
  .filter((word) => word.length > 4);

describe('patients’ data', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'private-'));
  const pool = new DecodePool({ workers: 1, timeoutMs: 20_000 });
  const written: string[] = [];
  const outputs = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk: string | Uint8Array) => {
      written.push(String(chunk));
      return true;
    }),
  );

  afterAll(async () => {
    outputs.forEach((output) => {
      output.mockRestore();
    });
    await pool.close();
    rmSync(folder, { recursive: true });
  });

  /** Everything that a caller could print or store of a result or an error. */
  function traces(value: unknown): string {
    const error = value instanceof Error ? [value.message, value.stack, inspect(value.cause, { depth: 9 })] : [];
    return [inspect(value, { depth: 9, showHidden: true }), JSON.stringify(value), String(value), ...error].join('\n');
  }

  it('are in no result, error or output, whole files or damaged ones', async () => {
    const shape = { rows: 12, columns: 10, bitsAllocated: 16, bitsStored: 12 } as const;
    const pixels = { ...shape, values: syntheticPixels(shape) };
    const rng = createRng('patients');
    let seen = '';
    let decoded = 0;
    let refused = 0;
    for (const suffix of ['', '.1', '.2', '.1.99', '.5', '.4.51', '.4.70', '.4.80', '.4.90']) {
      const whole = await writeDicom({ transferSyntax: `1.2.840.10008.1.2${suffix}`, pixels, header: PLANTED });
      for (let damage = 0; damage < 14; damage += 1) {
        const file = path.join(folder, `QUILLFEATHER^JANE ${suffix} ${damage}.dcm`);
        writeFileSync(file, damage === 0 ? whole : mutate(whole, rng));
        try {
          const facts = await pool.radiograph(file, { radiograph: { size: 8 } });
          seen += traces({ ...facts, image: null }) + traces(decodeReport(facts));
          if (damage === 0) expect(facts.header.patientId?.reveal()).toBe('MRN-ZX4711');
          decoded += 1;
        } catch (error) {
          seen += traces(error);
          refused += 1;
        }
      }
      await pool.radiograph(path.join(folder, 'QUILLFEATHER.dcm')).catch((error: unknown) => (seen += traces(error)));
    }
    expect([decoded > 8, refused > 20]).toEqual([true, true]);
    for (const word of WORDS) expect(`${seen}\n${written.join('\n')}`).not.toContain(word);
  });

  it('do not leave the wrapper of an identifier by printing it', async () => {
    const bytes = await writeDicom({
      transferSyntax: '1.2.840.10008.1.2.1',
      pixels: { rows: 1, columns: 1, bitsAllocated: 8, values: Uint8Array.of(1) },
      header: PLANTED,
    });
    const { header } = await pool.decode(bytes);
    expect(`${String(header.patientId)} ${JSON.stringify(header)} ${inspect(header)}`).not.toContain('ZX4711');
    expect(JSON.stringify(header)).toContain('"patientId":"[redacted]"');
  });
});
