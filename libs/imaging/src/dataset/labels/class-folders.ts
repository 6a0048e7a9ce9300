import { type ImageLabels, NO_LABELS, type Split, splitFromWord } from './image-labels';

/**
 * Folder names that are taken for classes without being asked.
 *
 * A list, because any other folder name may be a patient's: a DICOM export has one folder for each, and a guess would
 * write names into the index as labels.
 */
const CLASS_WORDS = new Set(
  [
    'normal, healthy, negative, control, nofinding, no_finding, 0, abnormal, positive, disease, 1',
    'tb, tuberculosis, pneumonia, bacteria, bacterial, virus, viral, viral_pneumonia, bacterial_pneumonia, pneumothorax',
    'covid, covid19, covid_19, covid-19, lung_opacity, lung-opacity, opacity, nodule, mass, effusion, cardiomegaly, edema',
    'atelectasis, infiltration, consolidation, emphysema, fibrosis, pleural_thickening, hernia, cancer, lung_cancer, other',
  ]
    .join(', ')
    .split(', '),
);

export interface ClassFolderOptions {
  /** Named with --positive: makes the folders beside it classes too. */
  readonly positive: string | null;
}

/**
 * Splits and classes from folder names (`train/TB/x.png`, `TB/train/x.png`, `TB/x.png`); null when the folders say nothing.
 *
 * @param relativePaths - all image paths of the source, '/' separated.
 * @returns Labels for one of those paths.
 */
export function labelsFromFolders(
  relativePaths: readonly string[],
  options: ClassFolderOptions,
): ((relativePath: string) => ImageLabels) | null {
  const splitLevel = findLevel(relativePaths, (names) => [...names].every((name) => splitFromWord(name) !== null));
  const classLevel = findLevel(relativePaths, (names) => isClassLevel(names, options.positive));
  if (splitLevel === -1 && classLevel === -1) return null;
  return (relativePath) => {
    const parts = relativePath.split('/');
    const split: Split | null = splitLevel === -1 ? null : splitFromWord(parts[splitLevel] ?? '');
    return { ...NO_LABELS, split, className: classLevel === -1 ? null : (parts[classLevel] ?? null) };
  };
}

/** The folder depth (0 or 1) at which every image has a folder and the names satisfy `accepts`, or -1. */
function findLevel(relativePaths: readonly string[], accepts: (names: ReadonlySet<string>) => boolean): number {
  for (const level of [0, 1]) {
    const names = new Set<string>();
    // Beyond this many different names a level is not a list of classes, whatever they are.
    const complete = relativePaths.every((relativePath) => {
      const parts = relativePath.split('/');
      if (parts.length < level + 2) return false;
      names.add(parts[level] ?? '');
      return names.size <= 32;
    });
    if (complete && names.size > 0 && accepts(names)) return level;
  }
  return -1;
}

function isClassLevel(names: ReadonlySet<string>, positive: string | null): boolean {
  const lower = [...names].map((name) => name.toLowerCase());
  if (positive !== null && lower.includes(positive.toLowerCase())) return true;
  return lower.every((name) => CLASS_WORDS.has(name.replaceAll(' ', '_')));
}
