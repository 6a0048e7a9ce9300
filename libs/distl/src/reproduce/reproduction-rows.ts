import { auc, meanInterval, type MeanInterval, type ReproductionRow } from '@fedistl/evaluation';
import { type DataSetItem } from '@fedistl/imaging';
import { type DistlVariant, unitName, unitsOf, variantName, WHOLE } from './distl-unit';
import { labelsOf } from './pool-data';
import { ridgeName } from './ridge-unit';
import { supervisedName } from './supervised-name';
import { type UnitResult } from './unit-store';

/** A row before its numbers: which unit each seed has for it. */
interface PlannedRow extends Pick<ReproductionRow, 'key' | 'title' | 'group' | 'stage' | 'labelNoise'> {
  readonly unit: (seed: number) => string;
}

export interface RowOptions {
  readonly seeds: readonly number[];
  readonly generations: number;
  readonly variants: readonly DistlVariant[];
  readonly test: readonly DataSetItem[];
  readonly unseen: readonly DataSetItem[];
  readonly confidence: number;
}

/** All units of a seed, in the order in which they are computed and shown. */
export function plannedRows(variants: readonly DistlVariant[], generations: number): PlannedRow[] {
  const distl = unitsOf(WHOLE, generations).map((unit) => distlRow(WHOLE, unit));
  const baselines: PlannedRow[] = [
    {
      ...baseline,
      key: 'supervised',
      title: 'Supervised, same labels',
      unit: (seed) => supervisedName(seed, 'supervised'),
    },
    {
      ...baseline,
      key: 'all-labels',
      title: 'Supervised, all labels',
      unit: (seed) => supervisedName(seed, 'all-labels'),
    },
    { ...baseline, key: 'ridge', title: 'Ridge regression, 48 x 48 pixels, same labels', unit: ridgeName },
  ];
  const others = variants
    .filter(({ ablation, labelNoise }) => ablation !== null || labelNoise > 0)
    .flatMap((variant) =>
      unitsOf(variant, generations)
        .filter(({ role }) => role === 'student')
        .map((unit) => distlRow(variant, unit)),
    );
  return [
    ...distl.filter(({ group }) => group === 'distl'),
    ...baselines,
    ...others,
    ...distl.filter(({ group }) => group === 'teacher'),
  ];
}

const baseline = { group: 'baseline', stage: null, labelNoise: 0 } as const;

function distlRow(variant: DistlVariant, { stage, role }: ReturnType<typeof unitsOf>[number]): PlannedRow {
  const name = variantName(variant);
  const { ablation, labelNoise } = variant;
  const time = stage === 0 ? 'T = initial' : `T = ${stage}`;
  const group =
    ablation !== null ? 'ablation' : labelNoise > 0 ? 'label-noise' : role === 'teacher' ? 'teacher' : 'distl';
  const suffix = {
    distl: '',
    teacher: ', teacher',
    ablation: `, ${name}`,
    'label-noise': `, ${Number((100 * labelNoise).toPrecision(6))} % wrong labels`,
  }[group];
  return {
    key: `${name}/T${stage}-${role}`,
    title: `${time}${suffix}`,
    group,
    stage,
    labelNoise,
    unit: (seed) => unitName(seed, variant, stage, role),
  };
}

/** Rows with their numbers, from finished units. @param result of a unit, which must be there */
export function reproductionRows(options: RowOptions, result: (unit: string) => UnitResult): ReproductionRow[] {
  const { seeds, test, unseen, confidence, variants, generations } = options;
  const labels = labelsOf(test);
  const planned = plannedRows(variants, generations);
  const aucsOf = (row: PlannedRow): number[] => seeds.map((seed) => auc(labels, result(row.unit(seed)).test));
  const named = (key: string): number[] => planned.filter((row) => row.key === key).flatMap(aucsOf);
  const initial = named('distl/T0-student');
  const supervised = named('supervised');
  const minus = (aucs: readonly number[], others: readonly number[]): MeanInterval =>
    meanInterval(
      aucs.map((value, k) => value - (others[k] ?? NaN)),
      confidence,
    );
  return planned.map(({ unit, ...row }) => {
    const units = seeds.map((seed) => result(unit(seed)));
    const aucs = aucsOf({ unit, ...row });
    // A variant with a T = initial of its own is measured against that, such as one with as many wrong labels.
    const own = row.group === 'teacher' ? [] : named(row.key.replace(/T\d+/, 'T0'));
    const start = own.length > 0 && row.stage !== null ? own : initial;
    return {
      ...row,
      images: units.map(({ images }) => images),
      aucs,
      auc: meanInterval(aucs, confidence),
      minusInitial: row.stage === 0 ? null : minus(aucs, start),
      minusSupervised: row.key === 'supervised' ? null : minus(aucs, supervised),
      unseen: unseen.length === 0 ? null : withUnseen(labels, units, unseen.length, confidence),
      validation: units.map(({ validation }) => validation?.auc ?? null),
      choices: units.map(({ choice }) => choice),
      unconverged: seeds.filter((_, k) => units[k]?.converged === false),
    };
  });
}

/** AUC with the unseen class among the negatives. */
function withUnseen(
  labels: Uint8Array,
  units: readonly UnitResult[],
  unseen: number,
  confidence: number,
): ReproductionRow['unseen'] {
  const all = Uint8Array.of(...labels, ...new Uint8Array(unseen));
  const aucs = units.map((unit) => auc(all, [...unit.test, ...unit.unseen]));
  return { aucs, auc: meanInterval(aucs, confidence) };
}
