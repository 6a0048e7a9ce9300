import { type DecodeErrorCode } from '../decode/decode.errors';

/** Why an image is not used. The words are stored and printed; they never change their meaning. */
export const QUARANTINE_REASONS = [
  'missing_file',
  'unreadable',
  'unsupported',
  'missing_pixel_data',
  'multi_frame',
  'not_radiograph',
  'not_chest',
  'lateral_view',
  'burnt_in_annotation',
  'too_small',
  'constant',
  'duplicate',
  'label_conflict',
] as const;

export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

/** One line each for the summary table. */
export const QUARANTINE_MEANINGS: Readonly<Record<QuarantineReason, string>> = {
  missing_file: 'listed in the labels file, but there is no such file',
  unreadable: 'damaged, cut short, or not an image',
  unsupported: 'a valid file of a kind that cannot be decoded',
  missing_pixel_data: 'a DICOM object without pixels',
  multi_frame: 'more than one frame, so not a plain film',
  not_radiograph: 'the header names a modality other than plain radiography',
  not_chest: 'the header names a body part other than the chest',
  lateral_view: 'a lateral or oblique view',
  burnt_in_annotation: 'the header says that text is burnt into the pixels',
  too_small: 'fewer pixels on a side than the setting asks for',
  constant: 'the same grey everywhere',
  duplicate: 'the same pixels as another image of the set that is kept',
  label_conflict: 'the same pixels as another image that carries another label',
};

/** Header facts and measures that the rules look at. Nulls are what nobody said, and nobody is quarantined for silence. */
export interface QuarantineFacts {
  readonly modality: string | null;
  readonly bodyPart: string | null;
  readonly view: string | null;
  readonly burnedInAnnotation: 'YES' | 'NO' | null;
  readonly rows: number;
  readonly columns: number;
  readonly isDicom: boolean;
  /** Grey values of the prepared image, 8 or 16 bits. */
  readonly pixels: Uint8Array | Uint16Array;
}

export interface QuarantineRules {
  /** Smallest width and height of a DICOM image, px: below it lie icons and thumbnails. */
  readonly minSideDicom: number;
  /** Smallest width and height of any other image, px: research archives are published down to 28 px. */
  readonly minSideOther: number;
  /** DICOM modalities (PS3.3 C.7.3.1.1.1) taken as plain radiographs. */
  readonly modalities: readonly string[];
  /** Use images whose header says that annotations are burnt in. */
  readonly allowBurntIn: boolean;
}

export const DEFAULT_QUARANTINE_RULES: QuarantineRules = {
  minSideDicom: 256,
  minSideOther: 28,
  modalities: ['CR', 'DX', 'DR', 'RG'],
  allowBurntIn: false,
};

/** Also matches CHESTABDOMEN, the infant's film; RIBS, SPINE and the like show bone at another exposure. */
const CHEST_WORDS = /CHEST|THORAX|LUNG|PULMO|PECHO|TORAX|TORSO|THORAC/;
/** View positions (PS3.3 C.8.7.1, C.8.11.5, and what exporters write) that are not frontal. */
const LATERAL_WORDS =
  /^(LL|RL|LLD|RLD|LLO|RLO|LPO|RPO|LAO|RAO|LAT|LATERAL|L|R|ML|LM|MLO|OBL|OBLIQUE|LEFT ?LATERAL|RIGHT ?LATERAL)$/;

/** The first rule that an image breaks, or null when it may be used. Duplicates are found later, over the whole set. */
export function quarantineReason(facts: QuarantineFacts, rules: QuarantineRules): QuarantineReason | null {
  if (facts.modality !== null && !rules.modalities.includes(facts.modality)) return 'not_radiograph';
  if (facts.bodyPart !== null && !CHEST_WORDS.test(facts.bodyPart)) return 'not_chest';
  if (facts.view !== null && LATERAL_WORDS.test(facts.view.trim().toUpperCase())) return 'lateral_view';
  if (facts.burnedInAnnotation === 'YES' && !rules.allowBurntIn) return 'burnt_in_annotation';
  const minSide = facts.isDicom ? rules.minSideDicom : rules.minSideOther;
  if (Math.min(facts.rows, facts.columns) < minSide) return 'too_small';
  if (isConstant(facts.pixels)) return 'constant';
  return null;
}

/**
 * Whether 98 % of the pixels share one grey level: nothing anatomical is left then, though a side marker may be.
 * Counted on 256 levels, so that the noise of a 16-bit detector without exposure does not count as an image.
 */
export function isConstant(pixels: Uint8Array | Uint16Array): boolean {
  const shift = pixels instanceof Uint16Array ? 8 : 0;
  const histogram = new Uint32Array(256);
  for (const value of pixels) histogram[value >> shift] = (histogram[value >> shift] ?? 0) + 1;
  return histogram.reduce((most, count) => Math.max(most, count), 0) >= 0.98 * pixels.length;
}

/** Failures of the machine rather than the file: the next import tries such a file again by itself. */
const PASSING_FAILURES: readonly string[] = [
  'IMAGING.TIMEOUT',
  'IMAGING.MEMORY',
  'IMAGING.WORKER_CRASHED',
] satisfies DecodeErrorCode[];

/** Whether a stored error code says that the file deserves another try. */
export function isPassingFailure(detail: string | null): boolean {
  return detail !== null && PASSING_FAILURES.includes(detail);
}

/** Quarantine reason for a decoder's error code; anything else counts as unreadable, with the code kept beside it. */
export function reasonOfDecodeError(code: DecodeErrorCode): QuarantineReason {
  switch (code) {
    case 'IMAGING.NO_PIXEL_DATA':
      return 'missing_pixel_data';
    case 'IMAGING.MULTI_FRAME':
      return 'multi_frame';
    case 'IMAGING.CONSTANT':
      return 'constant';
    case 'IMAGING.PARITY_SKIP':
    case 'IMAGING.TRANSFER_SYNTAX':
    case 'IMAGING.PHOTOMETRIC':
    case 'IMAGING.TOO_LARGE':
      return 'unsupported';
    default:
      return 'unreadable';
  }
}
