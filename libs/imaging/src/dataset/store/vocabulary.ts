import { CHEST_XRAY14_FINDINGS } from '../labels/label-columns';
import { type LabelVocabulary } from '../labels/positive-class';
import { compareText } from '../source/source-item';
import { type IndexDatabase } from './index-database';

/** Classes and findings that occur in a set; findings in the order of ChestX-ray14, so that column numbers keep their meaning. */
export function readVocabulary(index: IndexDatabase): LabelVocabulary {
  const classes = index
    .all('SELECT DISTINCT class AS name FROM image WHERE class IS NOT NULL')
    .map(nameOf)
    .sort(compareText);
  const findings = index.all('SELECT DISTINCT name FROM finding').map(nameOf);
  const order = (name: string): number => {
    const at = (CHEST_XRAY14_FINDINGS as readonly string[]).indexOf(name);
    return at === -1 ? (/^\d+$/.test(name) ? Number(name) : CHEST_XRAY14_FINDINGS.length) : at;
  };
  return { classes, findings: findings.sort((left, right) => order(left) - order(right) || compareText(left, right)) };
}

function nameOf(row: Readonly<Record<string, unknown>>): string {
  return String(row['name']);
}
