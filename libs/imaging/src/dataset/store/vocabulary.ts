import { type LabelVocabulary, labelVocabulary } from '../labels/label-vocabulary';
import { type IndexDatabase } from './index-database';

/** Classes and findings that occur in a set. */
export function readVocabulary(index: IndexDatabase): LabelVocabulary {
  return labelVocabulary(
    index.all('SELECT DISTINCT class AS name FROM image WHERE class IS NOT NULL').map(nameOf),
    index.all('SELECT DISTINCT name FROM finding').map(nameOf),
  );
}

function nameOf(row: Readonly<Record<string, unknown>>): string {
  return String(row['name']);
}
