import { type ComparisonRecord, type EvaluationRecord, type Proportion, type StressRecord } from '@fedistl/evaluation';

type Bounds = Pick<Proportion, 'value' | 'lower' | 'upper'>;

const fixed = (value: number | null): string => (value === null ? '-' : value.toFixed(3));
const range = ({ value, lower, upper }: Bounds): string => `${fixed(value)} (${fixed(lower)} to ${fixed(upper)})`;

const MEASURES = ['sensitivity', 'specificity', 'ppv', 'npv', 'accuracy', 'f1'] as const;

/** What `evaluate` prints for people. */
export function evaluationText({ model, data, statistics, origin }: EvaluationRecord): string {
  const { auc, bootstrap, averagePrecision, brier, calibration, operatingPoints } = statistics;
  const lines = [
    `${model.name} (${model.sha256.slice(0, 12)}) on ${data.name}, ${data.split} split, finding ${data.positive}`,
    `${data.images} images of ${data.patients} patients: ${data.positives} positive, ${data.negatives} negative`,
    `AUC                 ${range({ value: auc.auc, lower: auc.lower, upper: auc.upper })}   DeLong, ${origin.confidence * 100} %`,
    `                    ${range({ value: auc.auc, lower: bootstrap.auc.lower, upper: bootstrap.auc.upper })}   by patient`,
    `average precision   ${range({ value: averagePrecision, lower: bootstrap.averagePrecision.lower, upper: bootstrap.averagePrecision.upper })}`,
    `Brier               ${fixed(brier)}   calibration error ${fixed(calibration?.expectedError ?? null)}`,
    ...operatingPoints.flatMap(({ threshold, rule, chosenOn, metrics }) => [
      `at ${threshold.toFixed(4)} (${rule.type}${chosenOn === null ? '' : `, chosen on ${chosenOn.name}`})`,
      ...MEASURES.map((measure) => `  ${measure.padEnd(18)}${range(metrics[measure])}`),
    ]),
  ];
  return lines.join('\n');
}

/** What `compare` prints for people. */
export function comparisonText({ data, models, pairs }: ComparisonRecord): string {
  const nameOf = (place: number): string => models[place]?.name ?? '';
  const lines = [
    `${data.images} images of ${data.name}, ${data.split} split: ${data.positives} positive, ${data.negatives} negative`,
    ...models.map(
      ({ name, statistics: { auc } }) =>
        `AUC ${range({ value: auc.auc, lower: auc.lower, upper: auc.upper })}   ${name}`,
    ),
    ...pairs.map(
      ({ a, b, difference, lower, upper, p, adjustedP }) =>
        `difference ${range({ value: difference, lower, upper })}, p ${fixed(p)}, corrected ${fixed(adjustedP)}   ${nameOf(a)} minus ${nameOf(b)}`,
    ),
  ];
  return lines.join('\n');
}

/** What `evaluate --stress` prints for people: AUC by grade, one row a nuisance and model. */
export function stressText({ data, models, kinds, grades, cells }: StressRecord): string {
  const columns = [0, ...grades];
  const width = Math.max(...kinds.map(({ title }) => title.length)) + 2;
  const rows = kinds.flatMap(({ kind, title }) =>
    models.map(({ name }, place) => {
      const values = columns.map((grade) => {
        const cell = cells.find((c) => c.kind === kind && c.model === place && c.grade === grade);
        return cell === undefined ? '-' : fixed(cell.auc);
      });
      return `${title.padEnd(width)}${values.map((value) => value.padStart(8)).join('')}${models.length > 1 ? `   ${name}` : ''}`;
    }),
  );
  const header = `${'AUC'.padEnd(width)}${columns.map((grade) => `grade ${grade}`.padStart(8)).join('')}`;
  return [`${data.images} images of ${data.name}, ${data.split} split`, header, ...rows].join('\n');
}
