import { type DataSet } from 'dicom-parser';
import { type HeaderFacts } from '../decoded-file';
import { SensitiveText } from '../sensitive-text';
import { codeString, codeStrings, decimalString, firstItem, string } from './attribute';

/** PNG and JPEG files say nothing of the kind. */
export const NO_HEADER_FACTS: HeaderFacts = {
  sopClass: null,
  modality: null,
  bodyPart: null,
  viewPosition: null,
  laterality: null,
  imageType: [],
  presentationIntent: null,
  acquiredAt: null,
  patientId: null,
  burnedInAnnotation: null,
  lossyCompressed: null,
  pixelSpacingMm: null,
};

/** Projection codes of CID 4010 "DX View" (PS3.16): SNOMED CT, and the SRT form of older files. */
const VIEW_OF_CODE: Readonly<Record<string, string>> = {
  '399348003': 'AP',
  'R-10206': 'AP',
  '272479007': 'PA',
  'R-10214': 'PA',
  'R-40888': 'PA',
  '399067008': 'LATERAL',
  'R-102CD': 'LATERAL',
  '399198007': 'RL',
  'R-10232': 'RL',
  '399173006': 'LL',
  'R-10236': 'LL',
  '399038007': 'RPO',
  'R-10210': 'RPO',
  '399006002': 'LPO',
  'R-10212': 'LPO',
  '399356000': 'RAO',
  'R-40985': 'RAO',
  '399135007': 'LAO',
  'R-10220': 'LAO',
  '399182000': 'OBLIQUE',
  'R-102C1': 'OBLIQUE',
};

/** [date tag, time tag], best first: when the image was made, then when the series or the study began. */
const WHEN: readonly (readonly [string, string])[] = [
  ['x00080022', 'x00080032'],
  ['x00080023', 'x00080033'],
  ['x00080021', 'x00080031'],
  ['x00080020', 'x00080030'],
];

/** Reads what the index needs of a header; never throws, because every one of these attributes is optional here. */
export function headerFacts(dataSet: DataSet): HeaderFacts {
  const patientId = string(dataSet, 'x00100020')?.trim() ?? '';
  const burned = codeString(dataSet, 'x00280301');
  const lossy = codeString(dataSet, 'x00282110');
  return {
    sopClass: uid(dataSet, 'x00080016'),
    modality: codeString(dataSet, 'x00080060'),
    bodyPart: codeString(dataSet, 'x00180015'),
    viewPosition: codeString(dataSet, 'x00185101') ?? viewFromCode(dataSet),
    laterality: codeString(dataSet, 'x00200062') ?? codeString(dataSet, 'x00200060'),
    imageType: codeStrings(dataSet, 'x00080008'),
    presentationIntent: codeString(dataSet, 'x00080068'),
    acquiredAt: acquiredAt(dataSet),
    patientId: patientId === '' ? null : new SensitiveText(patientId),
    burnedInAnnotation: burned === 'YES' || burned === 'NO' ? burned : null,
    lossyCompressed: lossy === '01' ? true : lossy === '00' ? false : null,
    pixelSpacingMm: spacing(dataSet, 'x00280030') ?? spacing(dataSet, 'x00181164'),
  };
}

function uid(dataSet: DataSet, tag: string): string | null {
  const text = string(dataSet, tag)?.trim() ?? '';
  return /^1\.2\.840\.10008\.[0-9.]{1,48}$/.test(text) ? text : null;
}

function viewFromCode(dataSet: DataSet): string | null {
  const code = firstItem(dataSet, 'x00540220');
  const value = code === undefined ? undefined : string(code, 'x00080100')?.trim();
  return value === undefined ? null : (VIEW_OF_CODE[value] ?? null);
}

function acquiredAt(dataSet: DataSet): string | null {
  const stamp = string(dataSet, 'x0008002a')?.trim() ?? '';
  const fromStamp = isoTime(stamp.slice(0, 8), stamp.slice(8));
  if (fromStamp !== null) return fromStamp;
  for (const [dateTag, timeTag] of WHEN) {
    const found = isoTime(string(dataSet, dateTag)?.trim() ?? '', string(dataSet, timeTag)?.trim() ?? '');
    if (found !== null) return found;
  }
  return null;
}

/** 'YYYYMMDD' (or ACR-NEMA's 'YYYY.MM.DD') and 'HHMMSS...' as ISO 8601 without zone; null when the date is not one. */
function isoTime(date: string, time: string): string | null {
  const day = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date);
  if (day === null) return null;
  const [, year = '', month = '', dayOfMonth = ''] = day;
  const iso = `${year}-${month}-${dayOfMonth}`;
  const parsed = new Date(`${iso}T00:00:00Z`);
  // 31 February parses as another day in JavaScript, so the result must read back the same.
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== iso) return null;
  const clock = /^([01]\d|2[0-3]):?([0-5]\d)(?::?([0-5]\d))?/.exec(time);
  return clock === null ? iso : `${iso}T${clock[1] ?? '00'}:${clock[2] ?? '00'}:${clock[3] ?? '00'}`;
}

function spacing(dataSet: DataSet, tag: string): readonly [number, number] | null {
  const row = decimalString(dataSet, tag, 0);
  const column = decimalString(dataSet, tag, 1);
  return row !== undefined && column !== undefined && row > 0 && column > 0 ? [row, column] : null;
}
