import {
  chooseEngine,
  createEngine,
  type Engine,
  ENGINE_NAMES,
  type EngineName,
  type Provider,
  PROVIDERS,
} from '@fedistl/compute';
import { type Command, InvalidArgumentError, Option } from 'commander';

export interface EngineFlags {
  readonly engine: EngineName | 'auto';
  readonly provider?: Provider;
  readonly threads?: number;
}

/** Adds `--engine`, `--provider` and `--threads`. */
export function addEngineOptions(command: Command): Command {
  return command
    .addOption(new Option('--engine <name>', 'what computes').choices([...ENGINE_NAMES, 'auto']).default('onnxruntime'))
    .addOption(new Option('--provider <name>', 'execution provider of onnxruntime (cpu)').choices(PROVIDERS))
    .option('--threads <count>', 'CPU threads (all)', wholeNumber);
}

/** Makes the engine that the flags name; `auto` measures what is there and says why it chose. */
export async function engineFrom(flags: EngineFlags, more: { readonly profilePrefix?: string } = {}): Promise<Engine> {
  const { engine, provider, threads } = flags;
  const extras = { ...(threads === undefined ? {} : { threads }), ...more };
  if (engine !== 'auto') return createEngine({ engine, ...(provider === undefined ? {} : { provider }), ...extras });
  const choice = await chooseEngine();
  process.stderr.write(`engine ${choice.reason}\n`);
  return createEngine({ ...choice.options, ...extras });
}

/** Parses a whole number from 1; commander names the flag in the error. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError(`expected a whole number from 1, got "${text}".`);
}

/** Parses a whole number from 0. */
export function countFromZero(text: string): number {
  return text.trim() === '0' ? 0 : wholeNumber(text);
}
