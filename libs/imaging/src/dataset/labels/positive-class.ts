import { DatasetError } from '../dataset.errors';
import { normaliseFinding } from './label-columns';
import { type LabelVocabulary } from './label-vocabulary';

/** How label 1 is defined: an image of this class, or with this finding. */
export interface PositiveLabel {
  readonly kind: 'class' | 'finding';
  readonly name: string;
}

const NEGATIVE_WORDS = new Set([
  'normal',
  'healthy',
  'negative',
  'control',
  'no_finding',
  'nofinding',
  '0',
  'none',
  'no',
]);

/**
 * Finds what `wanted` means in a set, spelling of case, blanks and underscores apart. A number counts findings from 0, as
 * the columns of a MedMNIST archive do.
 *
 * @throws DatasetError `DATASET.POSITIVE_UNKNOWN` listing the names to choose from.
 */
export function resolvePositive(wanted: string, vocabulary: LabelVocabulary): PositiveLabel {
  const key = normaliseFinding(wanted);
  const name = vocabulary.classes.find((candidate) => normaliseFinding(candidate) === key);
  if (name !== undefined) return { kind: 'class', name };
  const finding =
    vocabulary.findings.find((candidate) => normaliseFinding(candidate) === key) ??
    (/^\d+$/.test(wanted) ? vocabulary.findings[Number(wanted)] : undefined);
  if (finding !== undefined) return { kind: 'finding', name: finding };
  const choices = [...vocabulary.classes, ...vocabulary.findings];
  throw new DatasetError(
    'DATASET.POSITIVE_UNKNOWN',
    choices.length === 0
      ? 'the data set has no labels, so that no class can be the positive one'
      : `expected --positive to name one of ${choices.join(', ')}, got ${JSON.stringify(wanted)}`,
  );
}

/** The positive class when there is only one way to see it (one class beside a word for "normal", one finding); else null. */
export function guessPositive(vocabulary: LabelVocabulary): PositiveLabel | null {
  const { classes, findings } = vocabulary;
  if (classes.length === 0) {
    const [only] = findings;
    return only !== undefined && findings.length === 1 ? { kind: 'finding', name: only } : null;
  }
  const positives = classes.filter((name) => !NEGATIVE_WORDS.has(normaliseFinding(name)));
  const [only] = positives;
  return only !== undefined && positives.length === 1 && classes.length === 2 ? { kind: 'class', name: only } : null;
}
