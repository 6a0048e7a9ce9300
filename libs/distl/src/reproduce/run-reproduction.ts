import { createHash } from 'node:crypto';
import path from 'node:path';
import { type Engine } from '@fedistl/compute';
import { canonicalJson } from '@fedistl/core';
import { type ReproductionRecord } from '@fedistl/evaluation';
import { type DataSet, type DataSetItem, pixelSpecText } from '@fedistl/imaging';
import { configHash } from '../config/parse-train-config';
import { type Ablation, checkDistl, type DistlVariant, runDistl, unitName, unitsOf, WHOLE } from './distl-unit';
import { ImagePool } from './image-pool';
import { paperSet, type PaperSplit, paperSplit } from './paper-split';
import { type ReproduceContext, type ReproduceEvent } from './reproduce-context';
import { type ReproducePlan } from './reproduce-plan';
import { reproductionRows } from './reproduction-rows';
import { ReproduceError } from './reproduce.errors';
import { ridgeName, runRidge } from './ridge-unit';
import { supervisedName } from './supervised-name';
import { runSupervised } from './supervised-unit';
import { UnitStore, type UnitResult } from './unit-store';

export interface ReproduceOptions {
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
  readonly software: string;
  readonly confidence: number;
  readonly onEvent?: (event: ReproduceEvent) => void;
}

export interface Reproduction {
  readonly record: ReproductionRecord;
  /** Wall time of all units. */
  readonly seconds: number;
}

/** Something to compute: the units that it ends in, and how. */
interface Task {
  readonly name: string;
  readonly units: readonly string[];
  readonly run: (context: ReproduceContext) => Promise<void>;
}

/**
 * The DISTL curve of a data set, with its baselines, for several seeds. Finished units are kept in `state/`: ended anywhere and
 * started again with the same options, it goes on and ends in the same record. Everything that can be refused is refused
 * before anything is written.
 *
 * @throws DistlError as `train`; ReproduceError; FileError; see docs/errors/reproduce.md
 */
export async function reproduce(options: ReproduceOptions): Promise<Reproduction> {
  const { dataSet, plan, seeds, generations, engine, directory, onEvent } = options;
  const unseen = unseenNegatives(options);
  const excluded = new Set(options.unseen?.items.map(({ id }) => id));
  const set = paperSet(dataSet, plan.protocol, excluded);
  const fingerprint = fingerprintOf(dataSet, [...set.training, ...set.test, ...unseen]);
  const identity = configHash({ plan, generations, fingerprint, unseen: unseen.map((item) => item.contentSha256) });
  const store = new UnitStore(path.join(directory, 'state'));
  const variants = variantsOf(options);
  const context: ReproduceContext = {
    engine,
    pool: new ImagePool(dataSet),
    pixels: dataSet.pixels,
    plan,
    set,
    unseen,
    generations,
    workers: options.workers,
    store,
    models: path.join(directory, 'models'),
    identity,
    emit: onEvent ?? ((): void => undefined),
  };
  const splits = seeds.map((seed) => ({ seed, split: paperSplit(set, plan.protocol, generations, seed) }));
  for (const { seed, split } of splits) {
    for (const variant of variants) checkDistl(context, seed, split, variant);
  }
  await store.open(identity);
  const tasks = splits.flatMap(({ seed, split }) => tasksOf(seed, split, variants, generations));
  for (const [place, task] of tasks.entries()) await runTask(context, task, place, tasks.length);
  const results = new Map<string, UnitResult>();
  for (const unit of tasks.flatMap(({ units }) => units)) results.set(unit, await finished(store, unit, identity));
  const rows = reproductionRows({ ...options, variants, test: set.test, unseen }, (unit) => known(results, unit));
  const [first] = splits;
  return {
    seconds: [...results.values()].reduce((sum, unit) => sum + unit.seconds, 0),
    record: {
      format: 'fedistl.reproduction/1',
      software: options.software,
      engine: `${engine.name} on ${engine.provider}`,
      confidence: options.confidence,
      seeds,
      generations,
      data: {
        name: dataSet.name,
        positive: dataSet.positive ?? '',
        fingerprint,
        pixels: pixelSpecText(dataSet.pixels),
        training: set.training.length,
        test: set.test.length,
        testPositives: set.test.filter(({ label }) => label === 1).length,
        testIsOwn: set.testIsOwn,
        validationIsOwn: set.validation !== null,
        unseenClass: options.unseen?.name ?? null,
        unseen: unseen.length,
        labelled: first?.split.labelled.length ?? 0,
        validation: first?.split.validation.length ?? 0,
        folds: first?.split.folds.map(({ length }) => length) ?? [],
      },
      settings: plan,
      rows,
    },
  };
}

function tasksOf(seed: number, split: PaperSplit, variants: readonly DistlVariant[], generations: number): Task[] {
  const distl = variants.map((variant): Task => {
    const units = unitsOf(variant, generations).map(({ stage, role }) => unitName(seed, variant, stage, role));
    const [name = ''] = units[0]?.match(/^[^/]+\/[^/]+/) ?? [];
    return { name, units, run: (context) => runDistl(context, seed, split, variant) };
  });
  const supervised = (['supervised', 'all-labels'] as const).map((kind): Task => {
    const name = supervisedName(seed, kind);
    return { name, units: [name], run: (context) => runSupervised(context, seed, split, kind) };
  });
  const ridge = ridgeName(seed);
  const [whole, ...others] = distl;
  return [
    // The length of T = initial may be that of the baseline.
    ...supervised,
    ...(whole === undefined ? [] : [whole]),
    { name: ridge, units: [ridge], run: (context) => runRidge(context, seed, split) },
    ...others,
  ];
}

async function runTask(context: ReproduceContext, task: Task, place: number, tasks: number): Promise<void> {
  const { store, identity, emit } = context;
  const found = await Promise.all(task.units.map((unit) => store.find(unit, identity)));
  if (found.every((unit) => unit !== undefined)) {
    // What is left if the process ended between its last unit and the clearing up.
    await store.clear(task.name);
    emit({ kind: 'unit-known', name: task.name, unit: place, units: tasks });
    return;
  }
  emit({ kind: 'unit-started', name: task.name, unit: place, units: tasks });
  await task.run(context);
  emit({ kind: 'unit-ended', name: task.name, unit: place, units: tasks });
}

async function finished(store: UnitStore, unit: string, identity: string): Promise<UnitResult> {
  const result = await store.find(unit, identity);
  if (result !== undefined) return result;
  throw new ReproduceError('REPRODUCE.STATE_DAMAGED', `unit ${unit} has gone from ${store.directory}: run it again`);
}

function known(results: ReadonlyMap<string, UnitResult>, unit: string): UnitResult {
  const result = results.get(unit);
  if (result !== undefined) return result;
  throw new ReproduceError('REPRODUCE.STATE_DAMAGED', `unit ${unit} was not computed`);
}

/** The whole method first: ablations start from its T = initial. */
function variantsOf({ ablations, labelNoise, plan }: ReproduceOptions): DistlVariant[] {
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
function unseenNegatives({ unseen, dataSet }: ReproduceOptions): readonly DataSetItem[] {
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
