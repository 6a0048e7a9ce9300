import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeDicom } from '../dicom-writer/write-dicom';
import { decodeBytes } from './decode-bytes';
import { TRANSFER_SYNTAXES } from './dicom/transfer-syntax';
import { type SyntheticPixels, syntheticPixels } from './synthetic-pixels';

const FIXTURES = path.resolve(__dirname, '../../../../test/fixtures/dicom');

interface Fixture {
  readonly file: string;
  readonly transferSyntax: string;
  readonly fileSha256: string;
  readonly storedSha256: string;
}

/** Largest difference that a lossy syntax may make, as a share of the range. */
const LOSSY: Readonly<Record<string, number>> = {
  '4.50': 0.09,
  '4.51': 0.02,
  '4.53': 0.02,
  '4.55': 0.09,
  '4.81': 0.008,
  '4.91': 0.02,
  '4.203': 0.02,
};

const EIGHT = { rows: 37, columns: 29, bitsAllocated: 8, bitsStored: 8 } as const;
const SHAPES: readonly (readonly [string, SyntheticPixels])[] = [
  ['8 bits', EIGHT],
  ['12 of 16 bits', { ...EIGHT, bitsAllocated: 16, bitsStored: 12 }],
  ['16 bits', { ...EIGHT, bitsAllocated: 16, bitsStored: 16 }],
  ['16 signed bits', { ...EIGHT, bitsAllocated: 16, bitsStored: 16, signed: true }],
  ['12 of 16 signed bits', { ...EIGHT, bitsAllocated: 16, bitsStored: 12, signed: true }],
  ['8-bit colour, 2 frames', { ...EIGHT, samplesPerPixel: 3, frames: 2 }],
];

/** What JPEG with DCT cannot hold is not asked of its encoder. */
function encodable(suffix: string, shape: SyntheticPixels): boolean {
  if (suffix === '4.50' || suffix === '4.55') return shape.bitsAllocated === 8 && shape.samplesPerPixel !== 3;
  if (suffix === '4.51' || suffix === '4.53')
    return shape.bitsStored <= 12 && shape.signed !== true && shape.samplesPerPixel !== 3;
  return true;
}

describe.each(TRANSFER_SYNTAXES.map(({ uid, name }) => [uid, name] as const))('%s %s', (uid) => {
  const suffix = uid.replace('1.2.840.10008.1.2.', '').replace('1.2.840.10008.1.2', '');
  const shapes = SHAPES.filter(([, shape]) => encodable(suffix, shape));

  it.each(shapes)('gives %s back', async (_name, shape) => {
    const values = syntheticPixels(shape);
    const bytes = await writeDicom({ transferSyntax: uid, pixels: { ...shape, values } });
    const decoded = await decodeBytes(bytes, { frames: 'all' });
    expect(decoded.transferSyntax).toBe(uid);
    expect(decoded.stored.values.constructor).toBe(values.constructor);
    const allowed = (LOSSY[suffix] ?? 0) * 2 ** shape.bitsStored;
    const differences = values.map((value, index) => Math.abs(value - (decoded.stored.values[index] ?? NaN)));
    expect(Math.max(...differences)).toBeLessThanOrEqual(allowed);
    if (allowed === 0) expect(decoded.storedSha256).toBe(createHash('sha256').update(values).digest('hex'));
  });
});

describe('committed files of the generator', () => {
  const fixtures = JSON.parse(readFileSync(path.join(FIXTURES, 'manifest.json'), 'utf8')) as readonly Fixture[];

  it('cover every transfer syntax', () => {
    expect(new Set(fixtures.map((fixture) => fixture.transferSyntax))).toEqual(
      new Set(TRANSFER_SYNTAXES.map(({ uid }) => uid)),
    );
  });

  it.each(fixtures.map((fixture) => [fixture.file, fixture] as const))(
    '%s decodes to its checksum',
    async (file, fixture) => {
      const decoded = await decodeBytes(readFileSync(path.join(FIXTURES, file)), { frames: 'all' });
      expect(decoded).toMatchObject({
        transferSyntax: fixture.transferSyntax,
        fileSha256: fixture.fileSha256,
        storedSha256: fixture.storedSha256,
      });
    },
  );
});
