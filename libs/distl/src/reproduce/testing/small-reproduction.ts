import path from 'node:path';
import { createEngine } from '@fedistl/compute';
import { DataSet, importDataSet, writePhantoms } from '@fedistl/imaging';
import { parseReproducePlan } from '../reproduce-plan';
import { reproduce, type ReproduceOptions, type Reproduction } from '../run-reproduction';

/** A network and trainings that take seconds. */
export const SMALL_PLAN = {
  train: {
    batch: 4,
    epochs: { initial: 2, generation: 2 },
    leastSteps: { initial: 0, generation: 0 },
    correction: { everySteps: 2 },
    checkpointEverySteps: 1,
  },
  model: {
    embedDim: 16,
    depth: 2,
    numHeads: 2,
    dinoHead: { hiddenDim: 16, bottleneckDim: 8, outDim: 16 },
    classHead: { hiddenDim: 8 },
  },
  protocol: { labelledShare: 0.4, validationShare: 0.3, baselineSteps: 3, patience: 1, doublings: 2 },
} as const;

/** Phantoms of 32 px as data set `ph` under `folder/data`. */
export async function smallSet(folder: string, count = 60): Promise<void> {
  const phantoms = path.join(folder, 'phantoms');
  const options = {
    count,
    size: 32,
    sites: 2,
    seed: 1,
    task: 'tuberculosis',
    format: 'png',
    leastSeverity: 0.5,
  } as const;
  await writePhantoms({ folder: phantoms, ...options });
  await importDataSet({
    dataDirectory: path.join(folder, 'data'),
    name: 'ph',
    source: phantoms,
    pixels: { size: 32 },
  });
}

/** One seed, two generations, one ablation, into `folder/NAME`. */
export async function smallReproduction(
  folder: string,
  name: string,
  options: Partial<ReproduceOptions> & { readonly changes?: unknown } = {},
): Promise<Reproduction> {
  const { changes = SMALL_PLAN, ...more } = options;
  const dataSet = DataSet.open({ dataDirectory: path.join(folder, 'data'), name: 'ph' });
  const engine = await createEngine({ engine: 'onnxruntime', threads: 1 });
  try {
    return await reproduce({
      engine,
      dataSet,
      plan: parseReproducePlan(changes, dataSet.pixels.size),
      seeds: [0],
      generations: 2,
      ablations: ['no-correction'],
      labelNoise: [],
      unseen: null,
      directory: path.join(folder, name),
      workers: 0,
      software: 'fedistl',
      confidence: 0.95,
      ...more,
    });
  } finally {
    await engine.dispose();
    dataSet.close();
  }
}
