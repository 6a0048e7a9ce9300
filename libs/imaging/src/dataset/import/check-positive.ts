import { existsSync } from 'node:fs';

import { type LabelVocabulary, labelVocabulary } from '../labels/label-vocabulary';
import { resolvePositive } from '../labels/positive-class';
import { IndexDatabase } from '../store/index-database';
import { readVocabulary } from '../store/vocabulary';

/**
 * Refuses a positive class that neither the source nor the set has, before anything is decoded or created: a misspelt name
 * must not cost the hours of an import. What labels say after the import is looked at again at its end.
 *
 * @throws DatasetError `DATASET.POSITIVE_UNKNOWN`.
 */
export function checkPositive(wanted: string, source: LabelVocabulary, indexFile: string, name: string): void {
  const known = existsSync(indexFile) ? vocabularyOfSet(indexFile, name) : { classes: [], findings: [] };
  const together = labelVocabulary([...source.classes, ...known.classes], [...source.findings, ...known.findings]);
  resolvePositive(wanted, together);
}

function vocabularyOfSet(indexFile: string, name: string): LabelVocabulary {
  const index = IndexDatabase.openExisting(indexFile, name);
  try {
    return readVocabulary(index);
  } finally {
    index.close();
  }
}
