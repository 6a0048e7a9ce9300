import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeFile } from './decode-file';

interface ManifestFile {
  readonly file: string;
  readonly transfer_syntax: string | null;
  readonly rows: number | null;
  readonly columns: number | null;
  readonly frames: number;
  readonly bits_stored: number | null;
  readonly photometric: string | null;
  readonly modality: string;
  readonly decoders_agree: boolean;
  readonly pixel_sha256: Readonly<Record<string, string>>;
  readonly true_pixel_sha256?: string;
}

const shared = process.env['FEDISTL_SHARED'] ?? path.resolve(__dirname, '../../../../../shared');
const folder = path.join(shared, 'data/dicom');
const present = existsSync(path.join(folder, 'manifest.json'));
const files: readonly ManifestFile[] = present
  ? (JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as { files: ManifestFile[] }).files
  : [];
if (!present)
  process.stderr.write(
    'SKIPPED: the DICOM files with pixel checksums are not there; set FEDISTL_SHARED to their parent\n',
  );

const isHash = (value: string): boolean => /^[0-9a-f]{64}$/.test(value);

(present ? describe : describe.skip)('files with pixel checksums', () => {
  const agreed = files.filter((file) => file.decoders_agree);

  it('are 97, 92 of them without dispute', () => {
    expect(files).toHaveLength(97);
    expect(agreed).toHaveLength(92);
  });

  it.each(agreed.map((file) => [file.file, file] as const))('%s', async (_name, file) => {
    const expected = new Set(Object.values(file.pixel_sha256).filter(isHash));
    expect(expected.size).toBe(1);
    if (file.true_pixel_sha256 !== undefined) expect(expected).toContain(file.true_pixel_sha256);
    const decoded = await decodeFile(path.join(folder, file.file), { frames: 'all' });
    expect(decoded).toMatchObject({
      transferSyntax: file.transfer_syntax,
      rows: file.rows,
      columns: file.columns,
      framesInFile: file.frames,
      bitsStored: file.bits_stored,
      photometricInterpretation: file.photometric,
      storedSha256: [...expected][0],
    });
    expect(decoded.header.modality).toBe(file.modality);
  });

  it.each([
    ['original/MR_truncated.dcm', 'IMAGING.TRUNCATED'],
    ['derived_chest/bad_truncated_pixels.dcm', 'IMAGING.TRUNCATED'],
    ['derived_chest/bad_no_preamble_text.dcm', 'IMAGING.NOT_AN_IMAGE'],
  ])('%s is refused with %s', async (file, code) => {
    await expect(decodeFile(path.join(folder, file))).rejects.toMatchObject({ code });
  });

  it('keeps what a lossy codestream overshoots, as dcmtk and imagecodecs do', async () => {
    // 12-bit JPEG of a 10-bit image: gdcm cuts values above 1023 to their low bits, which turns the brightest pixels dark.
    const file = files.find(({ file: name }) => name === 'original/RG3_JPLY.dcm')!;
    const { storedSha256, stored } = await decodeFile(path.join(folder, file.file));
    expect(storedSha256).toBe(file.pixel_sha256['dcmtk']);
    expect(storedSha256).toBe(file.pixel_sha256['imagecodecs']);
    expect(Math.max(...stored.values.subarray(0, 1000), 0)).toBeLessThan(4096);
  });

  it('sign-extends from the stored bits, as pydicom does', async () => {
    // 12 signed bits in 16 whose upper four are not the sign: PS3.5 (8.1.1) says that they are no part of the value.
    const file = files.find(({ file: name }) => name === 'original/mlut_18.dcm')!;
    const { storedSha256, stored } = await decodeFile(path.join(folder, file.file));
    expect(storedSha256).toBe(file.pixel_sha256['pydicom']);
    expect(stored.values.every((value) => value >= -2048 && value <= 2047)).toBe(true);
  });
});
