import { type ReproduceContext } from './reproduce-context';
import { type DistlVariant, runDistl, unitName, unitsOf, variantName, WHOLE } from './distl-unit';
import { type PaperSplit } from './paper-split';
import { ridgeName, runRidge } from './ridge-unit';
import { supervisedName } from './supervised-name';
import { runSupervised } from './supervised-unit';

/** Something to compute: the units that it ends in, and how. */
export interface ReproductionTask {
  readonly name: string;
  readonly units: readonly string[];
  /** What its units depend on. */
  readonly identity: (context: ReproduceContext) => string;
  /** Names of tasks whose results it starts from. */
  readonly after: readonly string[];
  readonly run: (context: ReproduceContext) => Promise<void>;
}

/** Everything that is computed with one seed; the whole method is the first of the variants. */
export function reproductionTasks(
  seed: number,
  split: PaperSplit,
  variants: readonly DistlVariant[],
  generations: number,
): ReproductionTask[] {
  const supervised = (['supervised', 'all-labels'] as const).map((kind): ReproductionTask => {
    const name = supervisedName(seed, kind);
    return {
      name,
      units: [name],
      identity: ofBaseline,
      after: [],
      run: (context) => runSupervised(context, seed, split, kind),
    };
  });
  const whole = `seed-${seed}/${variantName(WHOLE)}`;
  const distl = variants.map((variant): ReproductionTask => {
    const name = `seed-${seed}/${variantName(variant)}`;
    return {
      name,
      identity: ({ identity }) => identity,
      units: unitsOf(variant, generations).map(({ stage, role }) => unitName(seed, variant, stage, role)),
      // The length of T = initial may be that of the baseline; ablations start from the whole method's T = initial.
      after: [supervisedName(seed, 'supervised'), ...(variant.sharesInitial ? [whole] : [])],
      run: (context) => runDistl(context, seed, split, variant),
    };
  });
  const ridge: ReproductionTask = {
    name: ridgeName(seed),
    identity: ofBaseline,
    units: [ridgeName(seed)],
    after: [],
    run: (context) => runRidge(context, seed, split),
  };
  return [...supervised, ...distl.slice(0, 1), ridge, ...distl.slice(1)];
}

function ofBaseline({ baselineIdentity }: ReproduceContext): string {
  return baselineIdentity;
}
