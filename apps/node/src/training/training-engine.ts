import { availableParallelism, totalmem } from 'node:os';
import { chooseEngine, engineLabel, type EngineOptions } from '@fedistl/compute';
import { type SiteCapabilities } from '@fedistl/protocol';
import { z } from 'zod';
import { type NodeConfig } from '../config/node-config';
import { readJsonFile, writeJsonFile } from '../files/json-file';
import { engineOptionsSchema } from './training-job';

const choiceSchema = z.strictObject({ options: engineOptionsSchema, reason: z.string() });

/** Software that a site runs, as people read it. */
const SOFTWARE = 'fedistl-node 0.1.0';

/**
 * The engine that a node trains on. `auto` measures once and keeps the choice: a round that is resumed on another engine would
 * not end in the same bits.
 */
export class TrainingEngine {
  private constructor(
    readonly options: EngineOptions,
    readonly reason: string,
  ) {}

  static async open(file: string, { engine, provider, threads }: NodeConfig): Promise<TrainingEngine> {
    const limit = threads === null ? {} : { threads };
    if (engine !== 'auto') {
      const options = { engine, ...(provider === null ? {} : { provider }), ...limit };
      return new TrainingEngine(options, 'set in the configuration');
    }
    const kept = await readJsonFile(choiceSchema, file, 'engine');
    if (kept !== null) return new TrainingEngine({ ...withoutUndefined(kept.options), ...limit }, kept.reason);
    const { options, reason } = await chooseEngine();
    await writeJsonFile(file, { options, reason });
    return new TrainingEngine({ ...options, ...limit }, reason);
  }

  /**
   * The engine under a policy. A site that gives no part of its GPU trains on the processor; one that gives a part rests
   * between steps (`dutyCycle`). The share is of a GPU: processors are not rested.
   */
  under(gpuShare: number): { readonly engine: EngineOptions; readonly deviceShare: number } {
    const { provider, ...rest } = this.options;
    if (provider === undefined || provider === 'cpu') return { engine: this.options, deviceShare: 1 };
    if (gpuShare > 0) return { engine: this.options, deviceShare: gpuShare };
    return { engine: { ...rest, provider: 'cpu' }, deviceShare: 1 };
  }

  /** For people to see at the coordinator: no name and no address of the machine. */
  capabilities(): SiteCapabilities {
    return {
      software: SOFTWARE,
      platform: `${process.platform} ${process.arch}, node ${process.version}`,
      engines: [engineLabel(this.options)],
      processors: availableParallelism(),
      memoryMiB: Math.round(totalmem() / 2 ** 20),
      accelerators: [],
    };
  }
}

function withoutUndefined({ engine, provider, threads }: z.infer<typeof engineOptionsSchema>): EngineOptions {
  return {
    engine,
    ...(provider === undefined ? {} : { provider }),
    ...(threads === undefined ? {} : { threads }),
  };
}
