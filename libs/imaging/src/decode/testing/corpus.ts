import sharp from 'sharp';
import { type WriteDicomOptions, writeDicom } from '../../dicom-writer/write-dicom';
import { TRANSFER_SYNTAXES } from '../dicom/transfer-syntax';
import { syntheticPixels } from '../synthetic-pixels';

const LUT = {
  attributes: [
    { tag: 0x00283002, vr: 'US', value: [256, 0, 16] },
    { tag: 0x00283006, vr: 'US', value: Array.from({ length: 256 }, (_, index) => index * 257) },
  ],
} as const;

/** A small file for every transfer syntax, with 8 and with 12 bits where its encoder has them, and files of special kinds. */
export async function fuzzCorpus(): Promise<Uint8Array[]> {
  const shape = { rows: 24, columns: 20, bitsAllocated: 8, bitsStored: 8 } as const;
  const deep = { rows: 24, columns: 20, bitsAllocated: 16, bitsStored: 12 } as const;
  const frames = { ...shape, frames: 3, samplesPerPixel: 3 } as const;
  const header = {
    PatientID: 'PHANTOM',
    Modality: 'DX',
    WindowCenter: 128,
    WindowWidth: 200,
    RescaleSlope: 1,
    RescaleIntercept: 0,
  };
  const files: WriteDicomOptions[] = TRANSFER_SYNTAXES.flatMap(({ uid }) => {
    const eightBitOnly = uid.endsWith('.4.50') || uid.endsWith('.4.55');
    const small = { transferSyntax: uid, header, pixels: { ...shape, values: syntheticPixels(shape) } };
    return eightBitOnly
      ? [small]
      : [small, { transferSyntax: uid, header, pixels: { ...deep, values: syntheticPixels(deep) } }];
  });
  for (const suffix of ['1', '5', '4.50', '4.70', '4.80', '4.90']) {
    files.push({
      transferSyntax: `1.2.840.10008.1.2.${suffix}`,
      pixels: { ...frames, values: syntheticPixels(frames) },
      fragmentsPerFrame: suffix === '5' ? 1 : 2,
      attributes: [{ tag: 0x00283010, vr: 'SQ', value: [LUT] }],
    });
  }
  const values = syntheticPixels(shape);
  const raw = sharp(Buffer.from(values.buffer), { raw: { width: 20, height: 24, channels: 1 } });
  const rasters = await Promise.all([raw.clone().png().toBuffer(), raw.clone().jpeg().toBuffer()]);
  return [...(await Promise.all(files.map(writeDicom))), ...rasters];
}
