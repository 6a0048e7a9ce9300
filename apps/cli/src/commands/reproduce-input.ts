import { parseJson } from '@fedistl/core';
import { readTextFile } from '@fedistl/core/node';
import {
  type Ablation,
  parseReproducePlan,
  type ReproduceEvent,
  ReproduceError,
  type ReproductionInput,
} from '@fedistl/distl';
import { DataSet, type DataSetItem } from '@fedistl/imaging';
import { dataDirectoryOf, type DataDirFlag } from './dataset-directory';
import { engineFrom, type EngineFlags } from './engine-options';

export interface ReproduceFlags extends EngineFlags, DataDirFlag {
  readonly data: string;
  readonly positive?: string;
  readonly plan?: string;
  readonly seeds: number;
  readonly generations: number;
  readonly out: string;
  readonly ablate: readonly Ablation[];
  readonly labelNoise: readonly number[];
  readonly unseen?: string;
  readonly workers?: number;
  readonly baselines?: string;
  readonly jobs?: number;
}

/** Opens data, plan and engine of a reproduction, does the work with them, and closes them. */
export async function withReproduction(
  flags: ReproduceFlags,
  progress: (batch: number) => (event: ReproduceEvent) => void,
  work: (input: ReproductionInput) => Promise<void>,
): Promise<void> {
  const changes = flags.plan === undefined ? {} : parseJson(await readTextFile(flags.plan));
  const dataSet = openSet(flags, flags.positive);
  try {
    const plan = parseReproducePlan(changes, dataSet.pixels.size);
    const unseen = flags.unseen === undefined ? null : unseenClass(flags, flags.unseen, dataSet.positive);
    const engine = await engineFrom(flags);
    try {
      await work({
        engine,
        dataSet,
        plan,
        seeds: Array.from({ length: flags.seeds }, (_, seed) => seed),
        generations: flags.generations,
        ablations: flags.ablate,
        labelNoise: flags.labelNoise,
        unseen,
        directory: flags.out,
        workers: flags.workers,
        onEvent: progress(plan.train.batch),
      });
    } finally {
      await engine.dispose();
    }
  } finally {
    dataSet.close();
  }
}

function openSet(flags: ReproduceFlags, positive: string | undefined): DataSet {
  return DataSet.open({
    dataDirectory: dataDirectoryOf(flags),
    name: flags.data,
    ...(positive === undefined ? {} : { positive }),
  });
}

/** Images of the class, found by asking for it as the positive one. */
function unseenClass(
  flags: ReproduceFlags,
  name: string,
  positive: string | null,
): { name: string; items: readonly DataSetItem[] } {
  const dataSet = openSet(flags, name);
  try {
    if (dataSet.positive === positive) {
      throw new ReproduceError('REPRODUCE.UNSEEN_CLASS', `expected a class other than the positive one, got ${name}`);
    }
    return { name: dataSet.positive ?? name, items: dataSet.select({ label: 1 }).items };
  } finally {
    dataSet.close();
  }
}
