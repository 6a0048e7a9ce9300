import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { toFileError } from '@fedistl/core/node';
import { auc } from '@fedistl/evaluation';
import { type DataSetItem } from '@fedistl/imaging';
import { saveVit } from '@fedistl/vit';
import { type Preprocessing, preprocessingNote } from '../inference/preprocessing';
import { scoreSource } from '../inference/score-cases';
import { Scorer } from '../inference/scorer';
import { labelsOf } from './pool-data';
import { type ReproduceContext } from './reproduce-context';
import { type NewUnit } from './unit-store';

export type Weights = ReadonlyMap<string, Float32Array>;

/** Scores of several groups of images by one network. @throws as `Scorer.open` and `Scorer.score` */
export async function networkScores(
  { engine, plan, pixels, pool }: ReproduceContext,
  values: Weights,
  groups: readonly (readonly DataSetItem[])[],
): Promise<number[][]> {
  const preprocessing: Preprocessing = {
    pixels,
    size: plan.views.global.size,
    resize: plan.views.mode,
    blurRadius: plan.views.originalBlurRadius ?? 0,
  };
  const weights = { config: plan.model, values };
  const scorer = await Scorer.open({ engine, model: { weights }, preprocessing, batch: 32 });
  try {
    const scores: number[][] = [];
    for (const items of groups) scores.push([...(await scoreSource(scorer, pool.source(items)))]);
    return scores;
  } finally {
    await scorer.dispose();
  }
}

/** A network's scores on test, unseen and validation images. */
export async function judgeNetwork(
  context: ReproduceContext,
  values: Weights,
  validation: readonly DataSetItem[],
): Promise<Pick<NewUnit, 'test' | 'unseen' | 'validation'>> {
  const [test = [], unseen = [], held = []] = await networkScores(context, values, [
    context.set.test,
    context.unseen,
    validation,
  ]);
  return { test, unseen, validation: validationOf(validation, held) };
}

/** AUC and cross-entropy on validation images. */
export function validationOf(items: readonly DataSetItem[], scores: readonly number[]): { auc: number; loss: number } {
  const labels = labelsOf(items);
  const loss = scores.reduce<number>((sum, score, i) => {
    const probability = Math.min(1 - 1e-7, Math.max(1e-7, score));
    return sum - Math.log(labels[i] === 1 ? probability : 1 - probability) / scores.length;
  }, 0);
  return { auc: auc(labels, scores), loss };
}

/** Where a finished unit's network is kept. */
export function modelFile({ models }: Pick<ReproduceContext, 'models'>, unit: string): string {
  return path.join(models, `${unit}.safetensors`);
}

/** Makes the directory that a file is to lie in. @throws FileError */
export async function mkdirFor(file: string): Promise<void> {
  const directory = path.dirname(file);
  await mkdir(directory, { recursive: true }).catch((cause: unknown) => {
    throw toFileError(cause, 'write', directory);
  });
}

/** Keeps a network as a model file that says how its images were prepared. @throws FileError */
export async function keepNetwork(
  { plan, pixels }: ReproduceContext,
  file: string,
  values: Weights,
  note: Readonly<Record<string, string>>,
): Promise<void> {
  await mkdirFor(file);
  const preprocessing = preprocessingNote({
    pixels,
    size: plan.views.global.size,
    resize: plan.views.mode,
    blurRadius: plan.views.originalBlurRadius ?? 0,
  });
  await saveVit(file, { config: plan.model, values }, { ...note, ...preprocessing });
}
