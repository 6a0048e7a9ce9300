import { writeDicom } from '../dicom-writer/write-dicom';
import { generatePhantom, LEAST_SEVERITY, type Phantom, type PhantomTask } from './generate-phantom';
import { type PlannedPhantom } from './plan-phantoms';
import { encodeGreyPng } from './png-writer';
import { siteStyle } from './site-style';

export type PhantomFormat = 'png' | 'dicom';

/** Put into every file where a reader of its text or header sees it, and never into the pixels, where a network would. */
export const SYNTHETIC_NOTICE = 'SYNTHETIC phantom radiograph made by fedistl. Not a patient. Not for diagnosis.';

export interface PhantomFileOptions {
  readonly seed: number | string;
  readonly task: PhantomTask;
  readonly size: number;
  readonly format: PhantomFormat;
  /** Severity of the mildest disease, 0 to 1. */
  readonly leastSeverity?: number;
}

/** Transfer syntaxes by site: a set of a few sites exercises native, JPEG-LS, RLE and JPEG 2000 pixel data. */
const SYNTAXES = [
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.5',
  '1.2.840.10008.1.2.4.90',
] as const;

/** Name of a radiograph's file inside its site's folder. Says that it is synthetic, says nothing of the label. */
export function phantomFileName(planned: PlannedPhantom, format: PhantomFormat): string {
  return `images/synthetic-${String(planned.index + 1).padStart(6, '0')}.${format === 'png' ? 'png' : 'dcm'}`;
}

export function patientName(planned: PlannedPhantom): string {
  return `SYNTHETIC-${String(planned.patient + 1).padStart(5, '0')}`;
}

/** Bytes of one radiograph's file. The same options give the same bytes. */
export async function encodePhantom(planned: PlannedPhantom, options: PhantomFileOptions): Promise<Uint8Array> {
  const { seed, task, size, format, leastSeverity = LEAST_SEVERITY } = options;
  const { patient, visit, site, positive } = planned;
  const phantom = generatePhantom({ seed, task, positive, patient, visit, site, size, leastSeverity });
  if (format === 'dicom') return encodeDicom(phantom, planned, seed);
  const levels = Uint8Array.from(phantom.pixels, (value) => Math.round(255 * value));
  return encodeGreyPng(levels, size, size, { Software: 'fedistl', Comment: SYNTHETIC_NOTICE });
}

async function encodeDicom(phantom: Phantom, planned: PlannedPhantom, seed: number | string): Promise<Uint8Array> {
  const { size } = phantom;
  const style = siteStyle(seed, planned.site);
  const most = 2 ** style.bitsStored - 1;
  const values = Uint16Array.from(phantom.pixels, (value) => Math.round(most * (style.inverted ? 1 - value : value)));
  const date = planned.acquiredAt.replaceAll('-', '');
  const id = patientName(planned);
  return writeDicom({
    transferSyntax: SYNTAXES[planned.site % SYNTAXES.length] ?? SYNTAXES[0],
    pixels: {
      values,
      rows: size,
      columns: size,
      bitsAllocated: 16,
      bitsStored: style.bitsStored,
      photometricInterpretation: style.inverted ? 'MONOCHROME1' : 'MONOCHROME2',
    },
    header: {
      ImageType: ['DERIVED', 'PRIMARY', 'SYNTHETIC'],
      Modality: 'DX',
      PresentationIntentType: 'FOR PRESENTATION',
      BodyPartExamined: 'CHEST',
      ViewPosition: 'PA',
      BurnedInAnnotation: 'NO',
      Manufacturer: 'fedistl',
      ManufacturerModelName: 'SYNTHETIC phantom',
      InstitutionName: `SYNTHETIC site ${planned.site + 1}`,
      StudyDescription: 'SYNTHETIC chest radiograph',
      SeriesDescription: 'SYNTHETIC, not a patient',
      PatientName: 'SYNTHETIC^PHANTOM',
      PatientID: id,
      PatientComments: SYNTHETIC_NOTICE,
      PatientSex: phantom.sex,
      PatientAge: `${String(phantom.ageYears).padStart(3, '0')}Y`,
      StudyDate: date,
      AcquisitionDate: date,
      InstanceNumber: planned.visit + 1,
      WindowCenter: 2 ** (style.bitsStored - 1),
      WindowWidth: 2 ** style.bitsStored,
      PresentationLUTShape: style.inverted ? 'INVERSE' : 'IDENTITY',
    },
    // ImageComments
    attributes: [{ tag: 0x00204000, vr: 'LT', value: SYNTHETIC_NOTICE }],
  });
}
