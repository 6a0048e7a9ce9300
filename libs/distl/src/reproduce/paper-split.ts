import { type DataSet, type DataSetItem } from '@fedistl/imaging';
import { DistlError } from '../distl.errors';
import { divideByPatient } from './patient-parts';
import { type Protocol } from './reproduce-plan';

/** The images of one repetition, by what they are for. */
export interface PaperSplit {
  /** Labels that every method trains on. */
  readonly labelled: readonly DataSetItem[];
  /** Labels that say when to stop. */
  readonly validation: readonly DataSetItem[];
  /** Images whose labels nobody looks at, but the ceiling. */
  readonly folds: readonly (readonly DataSetItem[])[];
}

/** What is there to divide, and what everything is judged by. */
export interface PaperSet {
  readonly training: readonly DataSetItem[];
  readonly test: readonly DataSetItem[];
  /** Whether the test set is the data set's own split, or was made by patient. */
  readonly testIsOwn: boolean;
  /** The data set's own validation split; null where it has none with both classes, or the protocol wants none of it. */
  readonly validation: readonly DataSetItem[] | null;
}

/**
 * Training, validation and test images of a data set: its own splits. Where the test split has not both classes, the test
 * images are a part of all images, by patient and the same for every seed, and no validation split is taken.
 *
 * @param excluded images that nothing is trained on or judged by, by id
 * @throws DistlError `DISTL.NO_LABELS`, `DISTL.ONE_CLASS`
 */
export function paperSet(dataSet: DataSet, protocol: Protocol, excluded: ReadonlySet<number>): PaperSet {
  if (dataSet.positive === null) {
    throw new DistlError('DISTL.NO_LABELS', `data set ${dataSet.name} has no positive class: say which one it is`);
  }
  const all = dataSet.select({}).items.filter(({ id }) => !excluded.has(id));
  const isLabelled = ({ label }: DataSetItem): boolean => label !== null;
  const test = all.filter((item) => item.split === 'test' && isLabelled(item));
  if (hasBothClasses(test)) {
    const training = all.filter(({ split }) => split === 'train');
    requireBothClasses(training.filter(isLabelled), 'in the training split');
    const own = all.filter((item) => item.split === 'val' && isLabelled(item));
    const validation = protocol.validation === 'own-split' && hasBothClasses(own) ? own : null;
    return { training, test, testIsOwn: true, validation };
  }
  requireBothClasses(all.filter(isLabelled), 'in the data set');
  const parts = divideByPatient(
    all,
    [
      { name: 'training', share: 1 - protocol.testShare },
      { name: 'test', share: protocol.testShare },
    ],
    'reproduce/test',
  );
  const made = (parts.get('test') ?? []).filter(isLabelled);
  requireBothClasses(made, 'in a test set made by patient');
  return { training: parts.get('training') ?? [], test: made, testIsOwn: false, validation: null };
}

/**
 * One repetition as the paper divides it: a labelled share, and equal folds without labels, by patient. Where the data set has
 * no validation split, a part of the labelled share is held back for it.
 *
 * @throws DistlError `DISTL.ONE_CLASS` when a class is missing in the labelled or the validation part
 */
export function paperSplit(
  { training, validation }: PaperSet,
  protocol: Protocol,
  generations: number,
  seed: number,
): PaperSplit {
  const validationShare = validation === null ? protocol.validationShare : 0;
  const labelledItems = training.filter(({ label }) => label !== null);
  // The labelled share is of all training images, but only images with labels can be in it.
  const share = Math.min(1, (protocol.labelledShare * training.length) / labelledItems.length);
  const labelled = divideByPatient(
    labelledItems,
    [
      { name: 'rest', share: 1 - share },
      { name: 'training', share: share * (1 - validationShare) },
      ...(validation === null ? [{ name: 'validation', share: share * validationShare }] : []),
    ],
    `reproduce/labelled/${seed}`,
  );
  const rest = new Set(labelled.get('rest'));
  const names = Array.from({ length: Math.max(1, generations) }, (_, fold) => String(fold + 1));
  const folds = divideByPatient(
    training.filter((item) => item.label === null || rest.has(item)),
    names.map((name) => ({ name, share: 1 / names.length })),
    `reproduce/folds/${seed}`,
  );
  const split = {
    labelled: labelled.get('training') ?? [],
    validation: validation ?? labelled.get('validation') ?? [],
    folds: names.map((name) => folds.get(name) ?? []),
  };
  requireBothClasses(split.labelled, `in the labelled part of seed ${seed}`);
  requireBothClasses(split.validation, `in the validation part of seed ${seed}`);
  return split;
}

function hasBothClasses(items: readonly DataSetItem[]): boolean {
  return items.some(({ label }) => label === 0) && items.some(({ label }) => label === 1);
}

function requireBothClasses(items: readonly DataSetItem[], where: string): void {
  if (hasBothClasses(items)) return;
  if (items.length === 0) throw new DistlError('DISTL.NO_LABELS', `expected labelled images ${where}, got none`);
  const [item] = items;
  throw new DistlError(
    'DISTL.ONE_CLASS',
    `expected labelled images of both classes ${where}, got ${items.length} of label ${item?.label ?? 'none'}`,
  );
}
