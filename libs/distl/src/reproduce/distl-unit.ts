import path from 'node:path';
import { createRng } from '@fedistl/core';
import { loadVit, vitParameters } from '@fedistl/vit';
import { CheckpointStore } from '../checkpoint/checkpoint-store';
import { configHash } from '../config/parse-train-config';
import { type TrainConfig } from '../config/train-config';
import { trainingState } from '../step/state-names';
import { checkTrainingData } from '../trainer/check-data';
import { type Network } from '../trainer/network';
import { randomStart as startingWeights } from '../trainer/random-start';
import { train } from '../trainer/trainer';
import { type TrainingData } from '../trainer/training-data';
import { judgeNetwork, keepNetwork, modelFile } from './judge-network';
import { corruptLabels } from './label-noise';
import { type PaperSplit } from './paper-split';
import { labelsOf, poolData } from './pool-data';
import { type ReproduceContext } from './reproduce-context';
import { ReproduceError } from './reproduce.errors';
import { supervisedName } from './supervised-name';

export const ABLATIONS = ['no-self-supervision', 'no-self-training', 'no-correction'] as const;
export type Ablation = (typeof ABLATIONS)[number];

/** DISTL as it is, or with a part left out, or with wrong labels. */
export interface DistlVariant {
  readonly ablation: Ablation | null;
  /** Share of the labels that is wrong. */
  readonly labelNoise: number;
  /** Whether it starts from the whole method's T = initial, where it is no other than its own would be. */
  readonly sharesInitial: boolean;
}

export type Role = 'student' | 'teacher';

export const WHOLE: DistlVariant = { ablation: null, labelNoise: 0, sharesInitial: false };

export function variantName({ ablation, labelNoise }: DistlVariant): string {
  if (ablation !== null) return ablation;
  return labelNoise > 0 ? `label-noise-${Number((100 * labelNoise).toPrecision(6))}` : 'distl';
}

/** Networks of a variant that are judged. */
export function unitsOf(variant: DistlVariant, generations: number): { readonly stage: number; readonly role: Role }[] {
  const later = Array.from({ length: generations }, (_, i) => i + 1).flatMap((stage) =>
    (['student', 'teacher'] as const).map((role) => ({ stage, role })),
  );
  return variant.sharesInitial ? later : [{ stage: 0, role: 'student' }, ...later];
}

export function unitName(seed: number, variant: DistlVariant, stage: number, role: Role): string {
  return `seed-${seed}/${variantName(variant)}/T${stage}-${role}`;
}

/**
 * Trains one variant with one seed through all its stages and saves a unit for each network at the end of its stage. Goes on
 * from the newest checkpoint. @throws as `train`
 */
export async function runDistl(
  context: ReproduceContext,
  seed: number,
  split: PaperSplit,
  variant: DistlVariant,
): Promise<void> {
  const { engine, generations, store } = context;
  const name = variantName(variant);
  const workplace = `seed-${seed}/${name}`;
  const data = distlData(context, seed, split, variant);
  const config = ablated(await withInitial(context, seed), variant.ablation);
  const identity = configHash({ run: context.identity, seed, config, data: data.identity });
  const known = isSupervised(context, variant);
  if (known) await takeInitial(context, seed, identity);
  const isGiven = known || variant.sharesInitial;
  const start = isGiven ? await initialOf(context, seed) : randomStart(context, seed);
  let before = performance.now();
  await train({
    engine,
    config,
    network: networkOf(context),
    data,
    seed,
    generations,
    start: { student: start, teacher: start },
    firstStage: isGiven ? 1 : 0,
    checkpoints: checkpointsOf(context, path.join(store.workplace(workplace), 'checkpoints'), identity),
    resume: true,
    onEvent: (event) => {
      context.emit({ kind: 'training', event });
    },
    onStageEnd: async (stage, session) => {
      const images = split.labelled.length + split.folds.slice(0, stage).flat().length;
      for (const { role } of unitsOf(variant, generations).filter((network) => network.stage === stage)) {
        const values = await session.weights(role);
        const note = { generation: String(stage), role, seed: String(seed), run: identity };
        const unit = unitName(seed, variant, stage, role);
        await keepNetwork(context, modelFile(context, unit), values, note);
        const judged = await judgeNetwork(context, values, split.validation);
        const seconds = (performance.now() - before) / 1e3;
        await store.save(unit, {
          identity: context.identity,
          ...judged,
          choice: stage === 0 ? `${config.epochs.initial} epochs` : null,
          epochs: stage === 0 ? config.epochs.initial : config.epochs.generation,
          images,
          seconds,
        });
        before = performance.now();
      }
    },
  });
  await store.clear(workplace);
}

/** Whether T = initial is the supervised baseline: the same starting weights, images, length and random streams. */
function isSupervised({ plan }: ReproduceContext, { ablation, labelNoise }: DistlVariant): boolean {
  return (
    ablation === null &&
    labelNoise === 0 &&
    plan.protocol.initial === 'validated' &&
    plan.train.selfSupervision === null
  );
}

/** Takes the supervised baseline for T = initial, instead of computing it once more. */
async function takeInitial(context: ReproduceContext, seed: number, run: string): Promise<void> {
  const { store } = context;
  const name = supervisedName(seed, 'supervised');
  const unit = unitName(seed, WHOLE, 0, 'student');
  const supervised = await store.find(name, context.baselineIdentity);
  if (supervised === undefined) {
    throw new ReproduceError('REPRODUCE.STATE_DAMAGED', `unit ${name} has gone from ${store.directory}: run it again`);
  }
  const { values } = await loadVit(modelFile(context, name));
  await keepNetwork(context, modelFile(context, unit), values, {
    generation: '0',
    role: 'student',
    seed: String(seed),
    run,
  });
  await store.save(unit, {
    ...supervised,
    identity: context.identity,
    choice: `${supervised.epochs} epochs`,
    seconds: 0,
  });
}

/** Training data of a variant. */
export function distlData(
  { pool, plan, workers }: ReproduceContext,
  seed: number,
  { labelled, folds }: PaperSplit,
  { labelNoise }: DistlVariant,
): TrainingData {
  const { views, model, train: config } = plan;
  const labels = corruptLabels(labelsOf(labelled), labelNoise, seed);
  return poolData({
    pool,
    views,
    channels: model.inChannels,
    batch: config.batch,
    seed,
    workers,
    labelled,
    labels,
    folds,
  });
}

/** @throws DistlError `DISTL.NO_LABELS`, `DISTL.ONE_CLASS`, `DISTL.LABELLED_TOO_SMALL`, `DISTL.FOLD_TOO_SMALL` */
export function checkDistl(context: ReproduceContext, seed: number, split: PaperSplit, variant: DistlVariant): void {
  checkTrainingData(distlData(context, seed, split, variant), context.plan.train, context.generations);
}

export function networkOf({ plan: { model, views } }: ReproduceContext): Network {
  return { model, globalSize: views.global.size, localSize: views.local.size, localViews: views.local.count };
}

export function checkpointsOf(
  { plan: { model } }: ReproduceContext,
  directory: string,
  identity: string,
): CheckpointStore {
  return new CheckpointStore(directory, identity, trainingState(vitParameters(model), model.dinoHead.outDim));
}

/** Random weights of a seed, the same for every method. */
export function randomStart({ plan }: ReproduceContext, seed: number): ReadonlyMap<string, Float32Array> {
  return startingWeights(plan.train, plan.model, createRng(seed).stream('train/weights'));
}

/** The whole method's T = initial. */
async function initialOf(context: ReproduceContext, seed: number): Promise<ReadonlyMap<string, Float32Array>> {
  return (await loadVit(modelFile(context, unitName(seed, WHOLE, 0, 'student')))).values;
}

/** The training configuration, with the length of T = initial as the protocol wants it. */
async function withInitial({ plan, store, baselineIdentity }: ReproduceContext, seed: number): Promise<TrainConfig> {
  if (plan.protocol.initial === 'plan') return plan.train;
  const supervised = await store.find(supervisedName(seed, 'supervised'), baselineIdentity);
  const initial = supervised?.epochs ?? plan.train.epochs.initial;
  const { epochs, leastSteps } = plan.train;
  return { ...plan.train, epochs: { ...epochs, initial }, leastSteps: { ...leastSteps, initial: 0 } };
}

function ablated(config: TrainConfig, ablation: Ablation | null): TrainConfig {
  switch (ablation) {
    case null:
      return config;
    case 'no-self-supervision':
      return { ...config, selfSupervision: null, weights: { ...config.weights, dino: 0, correctionDino: 0 } };
    case 'no-self-training':
      return { ...config, weights: { ...config.weights, pseudoLabel: 0 } };
    case 'no-correction':
      return { ...config, correction: { ...config.correction, everySteps: 0 } };
  }
}
