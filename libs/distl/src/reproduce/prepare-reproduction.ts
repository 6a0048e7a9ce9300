import { createHash } from 'node:crypto';
import path from 'node:path';
import { type Engine } from '@fedistl/compute';
import { canonicalJson } from '@fedistl/core';
import { type DataSet, type DataSetItem, pixelSpecText } from '@fedistl/imaging';
import { configHash } from '../config/parse-train-config';
import { type Ablation, checkDistl, type DistlVariant, WHOLE } from './distl-unit';
import { ImagePool } from './image-pool';
import { paperSet, type PaperSplit, paperSplit } from './paper-split';
import { type ReproduceContext, type ReproduceEvent } from './reproduce-context';
import { type ReproducePlan } from './reproduce-plan';
import { ReproduceError } from './reproduce.errors';
import { type ReproductionTask, reproductionTasks } from './reproduction-tasks';
import { supervisedPart } from './supervised-part';
import { UnitStore } from './unit-store';

/** What is computed, from what, by what. */
export interface ReproductionInput {
  readonly engine: Engine;
  readonly dataSet: DataSet;
  readonly plan: ReproducePlan;
  readonly seeds: readonly number[];
  readonly generations: number;
  readonly ablations: readonly Ablation[];
  /** Shares of wrong labels; 0 is the method as it is. */
  readonly labelNoise: readonly number[];
  /** A class or finding whose images are in no training, by name and ids. */
  readonly unseen: { readonly name: string; readonly items: readonly DataSetItem[] } | null;
  /** Gets `state/` and `models/`. */
  readonly directory: string;
  readonly workers: number | undefined;
  readonly onEvent?: (event: ReproduceEvent) => void;
}

export interface PreparedReproduction {
  readonly context: ReproduceContext;
  readonly fingerprint: string;
  readonly variants: readonly DistlVariant[];
  /** The first seed's, whose sizes are every seed's. */
  readonly split: PaperSplit | undefined;
  readonly tasks: readonly ReproductionTask[];
}

/**
 * Divides the images and lists what is to be computed. Everything that can be refused is refused before anything is written.
 *
 * @throws DistlError as `train`; ReproduceError; FileError; see docs/errors/reproduce.md
 */
export async function prepareReproduction(input: ReproductionInput): Promise<PreparedReproduction> {
  const { dataSet, plan, seeds, generations, engine, directory, onEvent } = input;
  const unseen = unseenNegatives(input);
  const excluded = new Set(input.unseen?.items.map(({ id }) => id));
  const set = paperSet(dataSet, plan.protocol, excluded);
  const fingerprint = fingerprintOf(dataSet, [...set.training, ...set.test, ...unseen]);
  const data = { generations, fingerprint, unseen: unseen.map((item) => item.contentSha256) };
  const identity = configHash({ plan, ...data });
  const store = new UnitStore(path.join(directory, 'state'));
  const variants = variantsOf(input);
  const context: ReproduceContext = {
    engine,
    pool: new ImagePool(dataSet),
    pixels: dataSet.pixels,
    plan,
    set,
    unseen,
    generations,
    workers: input.workers,
    store,
    models: path.join(directory, 'models'),
    identity,
    baselineIdentity: configHash({ plan: { ...plan, train: supervisedPart(plan.train) }, ...data }),
    emit: onEvent ?? ((): void => undefined),
  };
  const splits = seeds.map((seed) => ({ seed, split: paperSplit(set, plan.protocol, generations, seed) }));
  for (const { seed, split } of splits) {
    for (const variant of variants) checkDistl(context, seed, split, variant);
  }
  await store.open(identity);
  return {
    context,
    fingerprint,
    variants,
    split: splits[0]?.split,
    tasks: splits.flatMap(({ seed, split }) => reproductionTasks(seed, split, variants, generations)),
  };
}

/** The whole method first: ablations start from its T = initial. */
function variantsOf({ ablations, labelNoise, plan }: ReproductionInput): DistlVariant[] {
  return [
    WHOLE,
    ...ablations.map((ablation) => ({
      ablation,
      labelNoise: 0,
      // Self-supervision comes before T = initial too, where the plan asks for that.
      sharesInitial: ablation !== 'no-self-supervision' || plan.train.selfSupervision === null,
    })),
    ...labelNoise
      .filter((share) => share > 0)
      .map((share) => ({ ablation: null, labelNoise: share, sharesInitial: false })),
  ];
}

/** Images of the unseen class that have not the finding. @throws ReproduceError `REPRODUCE.UNSEEN_CLASS` */
function unseenNegatives({ unseen, dataSet }: ReproductionInput): readonly DataSetItem[] {
  if (unseen === null) return [];
  const labels = new Map(dataSet.select({}).items.map(({ id, label }) => [id, label]));
  const negatives = unseen.items.filter(({ id }) => labels.get(id) === 0);
  if (negatives.length > 0) return negatives;
  throw new ReproduceError(
    'REPRODUCE.UNSEEN_CLASS',
    `expected images of ${unseen.name} without ${dataSet.positive ?? 'the positive class'}, got none of ${unseen.items.length}`,
  );
}

function fingerprintOf({ positive, pixels }: DataSet, items: readonly DataSetItem[]): string {
  const images = items.map(({ contentSha256, label, split }) => [contentSha256, label, split] as const);
  images.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(canonicalJson({ positive, pixels: pixelSpecText(pixels), images }))
    .digest('hex');
}
