import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Engine } from '@fedistl/compute';
import { createRng } from '@fedistl/core';
import { toFileError } from '@fedistl/core/node';
import { type AucInterval, delongInterval } from '@fedistl/evaluation';
import { type DataSet, type ImageSelection, type ViewConfig } from '@fedistl/imaging';
import { loadVit, saveVit, type VitConfig, vitParameters } from '@fedistl/vit';
import { CheckpointStore } from '../checkpoint/checkpoint-store';
import { configHash } from '../config/parse-train-config';
import { type TrainConfig } from '../config/train-config';
import { DistlError } from '../distl.errors';
import { type Preprocessing, preprocessingNote } from '../inference/preprocessing';
import { scoreSource } from '../inference/score-cases';
import { Scorer } from '../inference/scorer';
import { jsonLinesLog } from '../monitor/json-lines-log';
import { trainingState } from '../step/state-names';
import { checkTrainingData } from '../trainer/check-data';
import { type Network } from '../trainer/network';
import { randomStart } from '../trainer/random-start';
import { type TrainEvent } from '../trainer/train-events';
import { train } from '../trainer/trainer';
import { tensorboardLog } from '../tensorboard/tensorboard-log';
import { siteData } from './site-data';

export interface SiteTrainingOptions {
  readonly engine: Engine;
  readonly dataSet: DataSet;
  readonly model: VitConfig;
  readonly views: ViewConfig;
  readonly config: TrainConfig;
  readonly seed: number;
  readonly generations: number;
  /** Gets `checkpoints/`, `log.jsonl`, `tensorboard/` and the models of each stage. */
  readonly directory: string;
  readonly resume: boolean;
  /** Threads that make views. */
  readonly workers?: number;
  readonly onEvent?: (event: TrainEvent) => void;
}

/** A model of the run. */
export interface SiteModel {
  /** 0 for T = initial. */
  readonly stage: number;
  readonly role: 'student' | 'teacher';
  readonly file: string;
  /** On the labelled images of the test split; null when there are none, or of one class only. */
  readonly auc: AucInterval | null;
}

export interface SiteTrainingResult {
  /** SHA-256 of the final state. */
  readonly hash: string;
  /** Labelled images of the test split. */
  readonly testImages: number;
  readonly models: readonly SiteModel[];
}

/**
 * Trains DISTL on a site's data set, from random weights, and scores each stage's models on the test split.
 *
 * @throws DistlError `DISTL.RUN_EXISTS` and as `train`; FileError
 */
export async function trainSite(options: SiteTrainingOptions): Promise<SiteTrainingResult> {
  const { engine, dataSet, model, views, config, seed, generations, directory, workers, onEvent } = options;
  const network: Network = {
    model,
    globalSize: views.global.size,
    localSize: views.local.size,
    localViews: views.local.count,
  };
  const { batch } = config;
  const data = siteData({ dataSet, views, channels: model.inChannels, batch, seed, generations, workers });
  const checkpoints = path.join(directory, 'checkpoints');
  if (!options.resume) await refuseExisting(checkpoints);
  // Before anything is written.
  checkTrainingData(data, config, generations);
  await mkdir(checkpoints, { recursive: true }).catch((cause: unknown) => {
    throw toFileError(cause, 'write', checkpoints);
  });
  const board = path.join(directory, 'tensorboard');
  await mkdir(board, { recursive: true }).catch((cause: unknown) => {
    throw toFileError(cause, 'write', board);
  });
  const logs = [jsonLinesLog(path.join(directory, 'log.jsonl')), tensorboardLog(board)];
  const run = configHash({ config, model, views, seed, generations, data: data.identity });
  const start = randomStart(config, model, createRng(seed).stream('train/weights'));
  const { hash } = await train({
    engine,
    config,
    network,
    data,
    seed,
    generations,
    start: { student: start, teacher: start },
    checkpoints: new CheckpointStore(checkpoints, run, trainingState(vitParameters(model), model.dinoHead.outDim)),
    resume: options.resume,
    onEvent: (event) => {
      for (const log of logs) log(event);
      onEvent?.(event);
    },
    onStageEnd: async (stage, session) => {
      for (const role of rolesOf(stage)) {
        const note = {
          ...preprocessingNote(preprocessingOf(options)),
          role,
          generation: String(stage),
          seed: String(seed),
          run,
          data: data.identity,
        };
        await saveVit(modelFile(directory, stage, role), { config: model, values: await session.weights(role) }, note);
      }
    },
  });
  return { hash, ...(await scoreModels(options)) };
}

/** All models from their files, so that a resumed run reports those of before too. */
async function scoreModels(options: SiteTrainingOptions): Promise<Omit<SiteTrainingResult, 'hash'>> {
  const { dataSet, directory, generations } = options;
  const test = dataSet.select({ split: 'test', label: 'known' });
  const labels = test.labels();
  const bothClasses = new Set(labels).size === 2;
  const models: SiteModel[] = [];
  for (let stage = 0; stage <= generations; stage++) {
    for (const role of rolesOf(stage)) {
      const file = modelFile(directory, stage, role);
      const auc = bothClasses ? delongInterval({ labels, scores: await scoresOf(options, file, test) }) : null;
      models.push({ stage, role, file, auc });
    }
  }
  return { testImages: test.length, models };
}

async function scoresOf(options: SiteTrainingOptions, file: string, images: ImageSelection): Promise<Float64Array> {
  const { engine } = options;
  const weights = await loadVit(file);
  const scorer = await Scorer.open({ engine, model: { weights }, preprocessing: preprocessingOf(options), finding: 0 });
  try {
    return await scoreSource(scorer, images.viewSource());
  } finally {
    await scorer.dispose();
  }
}

/** What the original view of the training is made by; `evaluate` and `predict` do the same. */
function preprocessingOf({ dataSet, views }: SiteTrainingOptions): Preprocessing {
  const blurRadius = views.originalBlurRadius ?? 0;
  return { pixels: dataSet.pixels, size: views.global.size, resize: views.mode, blurRadius };
}

/** The supervised stage has no teacher of its own. */
function rolesOf(stage: number): readonly ('student' | 'teacher')[] {
  return stage === 0 ? ['student'] : ['student', 'teacher'];
}

function modelFile(directory: string, stage: number, role: string): string {
  return path.join(directory, `${stage === 0 ? 'initial' : `generation-${stage}`}-${role}.safetensors`);
}

async function refuseExisting(checkpoints: string): Promise<void> {
  const exists = await access(checkpoints).then(
    () => true,
    () => false,
  );
  if (exists) {
    throw new DistlError(
      'DISTL.RUN_EXISTS',
      `there is a run in ${path.dirname(checkpoints)}: resume it, or choose another directory`,
    );
  }
}
