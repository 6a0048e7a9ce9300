import { createRng } from '@fedistl/core';
import { initialiseParameters, saveVit, scaledStart, vitPreset, vitPresetNames } from '@fedistl/vit';
import { type Command, Option } from 'commander';
import { channelsOption, wholeNumber } from './model-options';

interface InitFlags {
  readonly preset: string;
  readonly out: string;
  readonly seed: number;
  readonly channels?: 1 | 3;
  readonly findings?: number;
  readonly prototypes?: number;
  readonly start: 'published' | 'scaled';
  readonly json?: boolean;
}

/** Adds `fedistl model init`. @param model the `model` command group */
export function registerModelInit(model: Command): void {
  model
    .command('init')
    .description('write a model with starting values, the same for the same seed everywhere')
    .addOption(new Option('--preset <name>', 'the network').choices(vitPresetNames).makeOptionMandatory())
    .requiredOption('--out <file>', 'the safetensors file to write')
    .option('--seed <n>', 'seed of the starting values', wholeNumber, 0)
    .addOption(channelsOption())
    .option('--findings <n>', 'logits of the class head', wholeNumber)
    .option('--prototypes <n>', 'prototypes of the DINO head', wholeNumber)
    .addOption(
      new Option('--start <how>', "spread of the values: as in the released code, or by the network's width")
        .choices(['published', 'scaled'])
        .default('scaled'),
    )
    .option('--json', 'print one JSON object')
    .action(async ({ preset, out, seed, channels, findings, prototypes, start, json }: InitFlags) => {
      const config = vitPreset(preset, {
        ...(channels === undefined ? {} : { inChannels: channels }),
        ...(findings === undefined ? {} : { findings }),
        ...(prototypes === undefined ? {} : { prototypes }),
      });
      const values = (start === 'scaled' ? scaledStart : initialiseParameters)(config, createRng(seed));
      await saveVit(out, { config, values }, { preset, seed: String(seed) });
      const size = [...values.values()].reduce((sum, { length }) => sum + length, 0);
      const report = { out, preset, seed, tensors: values.size, values: size, config };
      console.log(json === true ? JSON.stringify(report) : `${out}: ${preset}, ${size} values, seed ${seed}`);
    });
}
