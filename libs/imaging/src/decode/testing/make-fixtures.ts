import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeDicom } from '../../dicom-writer/write-dicom';
import { decodeBytes } from '../decode-bytes';
import { TRANSFER_SYNTAXES } from '../dicom/transfer-syntax';
import { syntheticPixels } from '../synthetic-pixels';

const HEADER = { PatientID: 'SYNTHETIC', Modality: 'DX', BodyPartExamined: 'CHEST', ViewPosition: 'PA' };

/**
 * Writes `test/fixtures/dicom`: one tiny synthetic file for each transfer syntax, and `manifest.json` with the checksums of
 * files and stored values. Run after a build:
 * `node -e "require('./libs/imaging/dist/decode/testing/make-fixtures').makeFixtures('test/fixtures/dicom')"`
 */
export async function makeFixtures(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const manifest: object[] = [];
  for (const { uid } of TRANSFER_SYNTAXES) {
    const eightBit = uid.endsWith('.4.50') || uid.endsWith('.4.55');
    const shape = { rows: 27, columns: 21, bitsAllocated: eightBit ? 8 : 16, bitsStored: eightBit ? 8 : 12 } as const;
    const bytes = await writeDicom({
      transferSyntax: uid,
      header: HEADER,
      pixels: { ...shape, values: syntheticPixels(shape) },
      predictor: 6,
      restartInterval: uid.endsWith('.4.57') ? 21 : 0,
    });
    const file = `${uid.replace('1.2.840.10008.1.2', 'syntax')}.dcm`;
    writeFileSync(path.join(folder, file), bytes);
    const { fileSha256, storedSha256 } = await decodeBytes(bytes);
    manifest.push({ file, transferSyntax: uid, fileSha256, storedSha256 });
  }
  writeFileSync(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
