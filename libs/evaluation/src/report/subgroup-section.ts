import { type SubgroupTable } from '../subgroups';
import { confidenceText, decimals, interval, whole } from './format-number';
import { type Html, paragraph, section, table } from './html';
import { type EvaluationRecord } from './report-types';

/** A table of each attribute, groups too small left out by name. */
export function subgroupSection({ subgroups, origin }: EvaluationRecord): Html {
  const { tables, smallest, threshold } = subgroups;
  const entries = Object.entries(tables);
  if (entries.length === 0) {
    return section(
      'Subgroups',
      2,
      paragraph('The data set knows no attribute by which these images differ: no site, view, sex or age.'),
    );
  }
  const confidence = confidenceText(origin.confidence);
  const intro =
    `At the first operating point, score from ${decimals(threshold, 4)}. AUC with its ${confidence} DeLong interval, the ` +
    `rest with Wilson's. Groups of fewer than ${smallest} cases are not shown, nor is a group from which they could be ` +
    'had by subtraction. These are several comparisons at once: a difference between groups may be chance.';
  return section('Subgroups', 2, paragraph(intro), ...entries.map(([name, rows]) => attributeTable(name, rows)));
}

function attributeTable(attribute: string, { rows, suppressed }: SubgroupTable): Html {
  const cells = rows.map(({ group, cases, positives, auc, metrics }) => [
    group,
    whole(cases),
    whole(positives),
    auc === null ? 'too few cases' : interval({ value: auc.auc, lower: auc.lower, upper: auc.upper }),
    interval(metrics.sensitivity),
    interval(metrics.specificity),
  ]);
  const hidden = suppressed.map((group) => [group, 'suppressed', '', '', '', '']);
  return table({
    caption: `By ${attribute}`,
    columns: [capitalised(attribute), 'Cases', 'Positive', 'AUC', 'Sensitivity', 'Specificity'],
    rows: [...cells, ...hidden],
  });
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
