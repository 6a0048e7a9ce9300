import { DEFAULT_PIXEL_SPEC, checkPixelSpec, type PixelSpec } from '../cache/pixel-spec';
import { DatasetError } from '../dataset.errors';
import { DEFAULT_QUARANTINE_RULES, type QuarantineRules } from '../quarantine';
import { DEFAULT_SETTINGS, type DataSetSettings } from '../store/settings';
import { type RadiographReader } from './radiograph-reader';

/** Where an import stands. */
export interface ImportProgress {
  readonly done: number;
  readonly total: number;
  /** Broke a rule of their own so far; duplicates are counted at the end. */
  readonly quarantined: number;
  /** Already in the set, nothing to do. */
  readonly unchanged: number;
}

export interface ImportOptions {
  readonly dataDirectory: string;
  readonly name: string;
  /** Folder, NPZ archive or image file. */
  readonly source: string;
  /** Labels file; default `labels.csv` in the source. */
  readonly labels?: string | null;
  /** Class or finding that is label 1. */
  readonly positive?: string | null;
  /** Extra columns of the labels file to keep as attributes; the caller vouches that they identify nobody. */
  readonly keep?: readonly string[];
  /** Put every image that is new in this import into this fold. */
  readonly fold?: number | null;
  readonly settings?: Partial<Omit<DataSetSettings, 'positive' | 'foldBoundaries'>>;
  readonly rules?: Partial<QuarantineRules>;
  /** Default size: 256, or the size of the images when an archive declares one. */
  readonly pixels?: Partial<PixelSpec>;
  /** Look again at images that were quarantined. */
  readonly retry?: boolean;
  /** Most images that a commit covers. Default 256. */
  readonly batchImages?: number;
  /** Decoding threads; default one a core, at most eight. */
  readonly workers?: number;
  /** CSV of this source's quarantined files, with their paths, for the operator's eyes (mode 0600). */
  readonly report?: string | null;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** For tests: another decoder. */
  readonly reader?: RadiographReader;
}

/**
 * Settings of this import: those of the set, unless it is new.
 *
 * @throws DatasetError `DATASET.SETTINGS` for values out of range, `DATASET.EXISTS_WITH_OTHER_SETTINGS` when a set would
 *   have to be split anew: images would move between training and test.
 */
export function resolveSettings(
  existing: DataSetSettings | null,
  wanted: ImportOptions['settings'] = {},
): DataSetSettings {
  if (existing === null) return checkSettings({ ...DEFAULT_SETTINGS, ...wanted });
  for (const [key, value] of Object.entries(wanted)) {
    const current = existing[key as keyof DataSetSettings];
    if (key !== 'duplicates' && JSON.stringify(current) !== JSON.stringify(value)) {
      throw new DatasetError(
        'DATASET.EXISTS_WITH_OTHER_SETTINGS',
        `expected ${key} ${JSON.stringify(current)} as at the first import of this data set, got ${JSON.stringify(value)}: leave it out, or import under another name`,
      );
    }
  }
  return checkSettings({ ...existing, ...wanted });
}

function checkSettings(settings: DataSetSettings): DataSetSettings {
  const { train, val, test } = settings.splitShares;
  const sum = train + val + test;
  if ([train, val, test].some((share) => !(share >= 0 && share <= 1)) || Math.abs(sum - 1) > 1e-9) {
    throw new DatasetError(
      'DATASET.SETTINGS',
      `expected split shares between 0 and 1 that sum to 1, got ${train}, ${val}, ${test}`,
    );
  }
  if (!Number.isInteger(settings.folds) || settings.folds < 1 || settings.folds > 1000) {
    throw new DatasetError('DATASET.SETTINGS', `expected 1 to 1000 folds, got ${settings.folds}`);
  }
  if (!(settings.labelledShare >= 0 && settings.labelledShare < 1)) {
    throw new DatasetError(
      'DATASET.SETTINGS',
      `expected a labelled share of at least 0 and less than 1, got ${settings.labelledShare}`,
    );
  }
  return settings;
}

export function resolveRules(wanted: Partial<QuarantineRules> = {}): QuarantineRules {
  const rules = { ...DEFAULT_QUARANTINE_RULES, ...wanted };
  for (const side of [rules.minSideDicom, rules.minSideOther]) {
    if (!Number.isInteger(side) || side < 1)
      throw new DatasetError('DATASET.SETTINGS', `expected a smallest side of at least 1 px, got ${side}`);
  }
  return rules;
}

/** @param nativeSize - size that the source declares for all its images. */
export function resolvePixelSpec(wanted: Partial<PixelSpec> = {}, nativeSize: number | null): PixelSpec {
  const native = nativeSize === null ? {} : { size: nativeSize };
  return checkPixelSpec({ ...DEFAULT_PIXEL_SPEC, ...native, ...wanted });
}
