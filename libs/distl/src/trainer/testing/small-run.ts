import { createEngine } from '@fedistl/compute';
import { createRng } from '@fedistl/core';
import { initialiseParameters, parseVitConfig, vitParameters } from '@fedistl/vit';
import { CheckpointStore } from '../../checkpoint/checkpoint-store';
import { type Behaviour } from '../../config/behaviours';
import { configHash, parseTrainConfig } from '../../config/parse-train-config';
import { trainingState } from '../../step/state-names';
import { type Network } from '../network';
import { train, type TrainerOptions, type TrainResult } from '../trainer';
import { noiseData } from './noise-data';

export const SMALL_NETWORK: Network = {
  model: parseVitConfig({
    imageSize: 16,
    patchSize: 8,
    inChannels: 1,
    embedDim: 16,
    depth: 2,
    numHeads: 2,
    mlpRatio: 2,
    layerNormEps: 1e-6,
    dropPathRate: 0.1,
    dinoHead: { hiddenDim: 16, bottleneckDim: 8, outDim: 24 },
    classHead: { hiddenDim: 8, findings: 1 },
  }),
  globalSize: 16,
  localSize: 8,
  localViews: 2,
};

export interface SmallRunOptions extends Pick<TrainerOptions, 'resume' | 'onEvent' | 'onStageEnd'> {
  readonly behaviour: Behaviour;
  readonly seed?: number;
  readonly directory?: string;
  /** Changes of the behaviour's settings. */
  readonly changes?: Readonly<Record<string, unknown>>;
}

/** A run of two generations that takes seconds: 22 steps and the corrections between them. */
export async function smallRun(options: SmallRunOptions): Promise<TrainResult> {
  const { behaviour, seed = 1, directory, changes = {}, ...rest } = options;
  const engine = await createEngine({ engine: 'onnxruntime', threads: 1 });
  const config = parseTrainConfig(behaviour, {
    batch: 4,
    epochs: { initial: 2, generation: 2 },
    leastSteps: { initial: 0, generation: 0 },
    learningRate: { peak: 4e-3 },
    correction: { everySteps: 2 },
    checkpointEverySteps: 1,
    ...changes,
  });
  const values = initialiseParameters(SMALL_NETWORK.model, createRng(seed));
  const specs = trainingState(vitParameters(SMALL_NETWORK.model), SMALL_NETWORK.model.dinoHead.outDim);
  try {
    return await train({
      engine,
      config,
      network: SMALL_NETWORK,
      data: noiseData(SMALL_NETWORK, 9, [13, 9]),
      seed,
      generations: 2,
      start: { student: values, teacher: values },
      ...(directory === undefined
        ? {}
        : { checkpoints: new CheckpointStore(directory, configHash({ behaviour, seed, config }), specs) }),
      ...rest,
    });
  } finally {
    await engine.dispose();
  }
}
