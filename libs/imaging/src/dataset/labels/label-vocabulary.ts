import { compareText } from '../source/source-item';
import { type ImageLabels } from './image-labels';
import { CHEST_XRAY14_FINDINGS } from './label-columns';

/** What labels of a set can say: exclusive classes or independent findings, or both. */
export interface LabelVocabulary {
  readonly classes: readonly string[];
  readonly findings: readonly string[];
}

/** Names without repetition, in a fixed order; findings in that of ChestX-ray14, so that column numbers keep their meaning. */
export function labelVocabulary(classes: Iterable<string>, findings: Iterable<string>): LabelVocabulary {
  return {
    classes: [...new Set(classes)].sort(compareText),
    findings: [...new Set(findings)].sort((left, right) => rank(left) - rank(right) || compareText(left, right)),
  };
}

/** The classes and findings that occur in labels. */
export function vocabularyOf(labels: Iterable<ImageLabels | null>): LabelVocabulary {
  const classes = new Set<string>();
  const findings = new Set<string>();
  for (const one of labels) {
    if (one === null) continue;
    if (one.className !== null) classes.add(one.className);
    for (const name of Object.keys(one.findings)) findings.add(name);
  }
  return labelVocabulary(classes, findings);
}

function rank(name: string): number {
  const at = (CHEST_XRAY14_FINDINGS as readonly string[]).indexOf(name);
  return at === -1 ? (/^\d+$/.test(name) ? Number(name) : CHEST_XRAY14_FINDINGS.length) : at;
}
