import { readTextFile } from '@fedistl/core/node';
import {
  type OperatingRule,
  parseScoresCsv,
  type Proportion,
  type ScoreStatistics,
  type TableOptions,
  tableStatistics,
  type TableStatistics,
} from '@fedistl/evaluation';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { basename } from 'node:path';

interface MetricsFlags {
  readonly threshold: readonly number[];
  readonly tuning?: string;
  readonly tuningIs: 'training' | 'validation';
  readonly youden: boolean;
  readonly sensitivity: readonly number[];
  readonly specificity: readonly number[];
  readonly resamples: number;
  readonly confidence: number;
  readonly seed: number;
  readonly smallestGroup: number;
  readonly json: boolean;
}

const MEASURES = ['sensitivity', 'specificity', 'ppv', 'npv', 'accuracy', 'f1'] as const;

/** `fedistl metrics`: every statistic of libs/evaluation for scores from any source. */
export function registerMetrics(program: Command): void {
  program
    .command('metrics')
    .description('AUC with intervals and tests, calibration, and measures at thresholds, of scores from any source')
    .argument('<scores>', 'CSV with the header y,score[,score2][,patient][,group:NAME]; y is 0 or 1')
    .option('--threshold <score>', 'call scores from this on positive; repeatable (0.5)', numbers, [])
    .option('--tuning <csv>', 'labelled cases, apart from <scores>, to choose thresholds on')
    .addOption(
      new Option('--tuning-is <purpose>', 'what they are').choices(['training', 'validation']).default('validation'),
    )
    .option('--youden', 'choose the threshold of the largest Youden index on the tuning cases', false)
    .option(
      '--sensitivity <share>',
      'choose the highest threshold with this sensitivity there; repeatable',
      numbers,
      [],
    )
    .option('--specificity <share>', 'choose the lowest threshold with this specificity there; repeatable', numbers, [])
    .option('--resamples <count>', 'bootstrap resamples, by patient', wholeNumber, 2000)
    .option('--confidence <share>', 'of the intervals', number, 0.95)
    .option('--seed <number>', 'of the bootstrap', wholeNumber, 1)
    .option('--smallest-group <cases>', 'suppress subgroups of fewer cases', wholeNumber, 1)
    .option('--json', 'print one JSON object', false)
    .action(metrics);
}

async function metrics(file: string, flags: MetricsFlags): Promise<void> {
  const table = parseScoresCsv(await readTextFile(file));
  const statistics = tableStatistics(table, await tableOptions(flags));
  if (flags.json) console.log(JSON.stringify({ file: basename(file), ...statistics }));
  else print(statistics);
}

async function tableOptions(flags: MetricsFlags): Promise<TableOptions> {
  const { threshold, tuning, tuningIs, youden, sensitivity, specificity, ...shared } = flags;
  const rules: OperatingRule[] = [
    ...(youden ? [{ type: 'youden' } as const] : []),
    ...sensitivity.map((atLeast) => ({ type: 'sensitivity', atLeast }) as const),
    ...specificity.map((atLeast) => ({ type: 'specificity', atLeast }) as const),
  ];
  return {
    ...shared,
    rules,
    ...(threshold.length > 0 ? { thresholds: threshold } : {}),
    ...(tuning === undefined
      ? {}
      : { tuning: { table: parseScoresCsv(await readTextFile(tuning)), purpose: tuningIs, name: basename(tuning) } }),
  };
}

function print(statistics: TableStatistics): void {
  const { cases, positives, negatives, patients, score, score2, comparison, subgroups } = statistics;
  console.log(`${cases} cases of ${patients} patients: ${positives} positive, ${negatives} negative`);
  printScore('score', score);
  if (score2) printScore('score2', score2);
  if (comparison) {
    const { difference, lower, upper, z, p } = comparison;
    console.log(`score minus score2`);
    console.log(
      `  AUC difference     ${range({ value: difference, lower, upper })}   DeLong z ${fixed(z)}, p ${fixed(p)}`,
    );
  }
  for (const [name, { rows, suppressed }] of Object.entries(subgroups)) {
    console.log(`by ${name}`);
    for (const { group, cases: size, auc, metrics: m } of rows) {
      const area = auc ? range({ value: auc.auc, lower: auc.lower, upper: auc.upper }) : 'too few cases';
      console.log(`  ${group.padEnd(18)} ${size} cases   AUC ${area}`);
      console.log(`${' '.repeat(21)}sensitivity ${range(m.sensitivity)}   specificity ${range(m.specificity)}`);
    }
    if (suppressed.length > 0) console.log(`  suppressed         ${suppressed.join(', ')}`);
  }
}

function printScore(
  name: string,
  { auc, averagePrecision, brier, calibration, bootstrap, operatingPoints }: ScoreStatistics,
): void {
  console.log(name);
  console.log(`  AUC                ${range({ value: auc.auc, lower: auc.lower, upper: auc.upper })}   DeLong`);
  console.log(`                     ${range({ value: auc.auc, ...bootstrap.auc })}   bootstrap by patient`);
  console.log(`  average precision  ${range({ value: averagePrecision, ...bootstrap.averagePrecision })}`);
  if (brier !== null && bootstrap.brier)
    console.log(`  Brier              ${range({ value: brier, ...bootstrap.brier })}`);
  if (calibration) console.log(`  calibration error  ${fixed(calibration.expectedError)}`);
  for (const { threshold, rule, chosenOn, metrics: m } of operatingPoints) {
    const origin = chosenOn === null ? '' : `, chosen on ${chosenOn.purpose} cases "${chosenOn.name}"`;
    console.log(`  at ${threshold} (${rule.type}${origin})`);
    for (const measure of MEASURES) console.log(`    ${measure.padEnd(16)} ${range(m[measure])}`);
  }
}

const fixed = (value: number | null): string => (value === null ? 'undefined' : value.toFixed(4));

function range({ value, lower, upper }: Pick<Proportion, 'value' | 'lower' | 'upper'>): string {
  return `${fixed(value)} (${fixed(lower)} to ${fixed(upper)})`;
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 0.');
  return Number(text);
}

function numbers(text: string, before: readonly number[]): number[] {
  return [...before, number(text)];
}
