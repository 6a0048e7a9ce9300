import { createRng } from '@fedistl/core';
import {
  exportWeights,
  importModel,
  type ImportReport,
  initialiseParameters,
  type InspectedFile,
  inspectWeights,
  loadVit,
  saveVit,
  type ExportFormat,
  vitPreset,
  vitPresetNames,
} from '@fedistl/vit';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** Adds `fedistl model init|import|inspect|export-weights`. */
export function registerModel(program: Command): void {
  const model = program.command('model').description('make, import, inspect and export model weights');
  registerInit(model);
  registerImport(model);
  registerInspect(model);
  registerExport(model);
}

interface InitFlags {
  readonly preset: string;
  readonly out: string;
  readonly seed: number;
  readonly channels?: 1 | 3;
  readonly findings?: number;
  readonly prototypes?: number;
  readonly json?: boolean;
}

function registerInit(model: Command): void {
  model
    .command('init')
    .description('write a model with starting values, the same for the same seed everywhere')
    .addOption(new Option('--preset <name>', 'the network').choices(vitPresetNames).makeOptionMandatory())
    .requiredOption('--out <file>', 'the safetensors file to write')
    .option('--seed <n>', 'seed of the starting values', wholeNumber, 0)
    .addOption(channelsOption())
    .option('--findings <n>', 'logits of the class head', wholeNumber)
    .option('--prototypes <n>', 'prototypes of the DINO head', wholeNumber)
    .option('--json', 'print one JSON object')
    .action(async ({ preset, out, seed, channels, findings, prototypes, json }: InitFlags) => {
      const config = vitPreset(preset, {
        ...(channels === undefined ? {} : { inChannels: channels }),
        ...(findings === undefined ? {} : { findings }),
        ...(prototypes === undefined ? {} : { prototypes }),
      });
      const values = initialiseParameters(config, createRng(seed));
      await saveVit(out, { config, values }, { preset, seed: String(seed) });
      const size = [...values.values()].reduce((sum, { length }) => sum + length, 0);
      const report = { out, preset, seed, tensors: values.size, values: size, config };
      console.log(json === true ? JSON.stringify(report) : `${out}: ${preset}, ${size} values, seed ${seed}`);
    });
}

interface ImportFlags {
  readonly out: string;
  readonly preset?: string;
  readonly network?: string;
  readonly channels?: 1 | 3;
  readonly heads?: number;
  readonly newHeads?: boolean;
  readonly seed: number;
  readonly allowExtra?: readonly string[];
  readonly inert?: readonly string[];
  readonly json?: boolean;
}

function registerImport(model: Command): void {
  model
    .command('import')
    .description('bring in a checkpoint of DISTL, DINO or timm (.pth, .ckpt, .safetensors); nothing in it is executed')
    .argument('<file>', 'the checkpoint')
    .requiredOption('--out <file>', 'the safetensors file to write')
    .addOption(new Option('--preset <name>', 'the network; told from the shapes if absent').choices(vitPresetNames))
    .option('--network <key>', 'which network of the checkpoint, such as student or teacher')
    .addOption(channelsOption())
    .option('--heads <n>', 'attention heads, where neither preset nor width tell', wholeNumber)
    .option('--new-heads', 'start both heads anew even if the checkpoint has them')
    .option('--seed <n>', 'seed of heads that start anew', wholeNumber, 0)
    .option('--allow-extra <prefixes...>', 'tensors of the checkpoint to leave out, by the start of their names')
    .option('--inert <names...>', 'class names to keep as dead data, such as a.b.C, beside the known ones')
    .option('--json', 'print one JSON object')
    .action(async (file: string, flags: ImportFlags) => {
      const { model: imported, report } = await importModel(file, {
        preset: flags.preset,
        network: flags.network,
        channels: flags.channels,
        numHeads: flags.heads,
        newHeads: flags.newHeads,
        seed: flags.seed,
        allowExtra: flags.allowExtra,
        inertNames: flags.inert,
      });
      await saveVit(flags.out, imported, { 'origin.layout': report.layout, 'origin.network': report.network });
      const whole = { file, out: flags.out, ...report, config: imported.config };
      console.log(flags.json === true ? JSON.stringify(whole) : importText(file, flags.out, report));
    });
}

function registerInspect(model: Command): void {
  model
    .command('inspect')
    .description('tensors, shapes, counts and layout of a weight file, without reading its values')
    .argument('<file>', 'a .safetensors, .pth or .ckpt file')
    .option('--inert <names...>', 'class names to keep as dead data, such as a.b.C, beside the known ones')
    .option('--json', 'print one JSON object')
    .action(async (file: string, flags: { readonly inert?: readonly string[]; readonly json?: boolean }) => {
      const found = await inspectWeights(file, { inertNames: flags.inert });
      console.log(flags.json === true ? JSON.stringify({ file, ...found }) : inspectText(found));
    });
}

interface ExportFlags {
  readonly format: ExportFormat;
  readonly out: string;
  readonly channels: 1 | 3;
  readonly teacher?: string;
  readonly json?: boolean;
}

function registerExport(model: Command): void {
  model
    .command('export-weights')
    .description('write a model by the names of other programs, as .pth for torch.load or as .safetensors')
    .argument('<file>', 'a model of this command, .safetensors')
    .addOption(
      new Option('--format <format>', 'pth: a DISTL checkpoint; dino, timm: the backbone alone')
        .choices(['pth', 'dino', 'timm'])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <file>', 'the file to write')
    .addOption(channelsOption().default(3))
    .option('--teacher <file>', 'the teacher of a DISTL checkpoint; the same weights if absent')
    .option('--json', 'print one JSON object')
    .action(async (file: string, { format, out, channels, teacher, json }: ExportFlags) => {
      await exportWeights(out, await loadVit(file), {
        format,
        channels,
        teacher: teacher === undefined ? undefined : await loadVit(teacher),
      });
      const report = { file, out, format, channels };
      console.log(json === true ? JSON.stringify(report) : `${out}: ${format}, ${channels} channels`);
    });
}

function importText(file: string, out: string, report: ImportReport): string {
  const lines = [
    `${file}: ${report.format}, ${report.layout} names${report.network === '' ? '' : `, network ${report.network}`}`,
    `${out}: ${report.tensors} tensors, ${report.values} values`,
  ];
  if (report.initialised.length > 0) lines.push(`started anew: ${report.initialised.join(', ')}`);
  if (report.ignored.length > 0) lines.push(`left out: ${report.ignored.join(', ')}`);
  return lines.join('\n');
}

function inspectText({ format, groups }: InspectedFile): string {
  return groups
    .flatMap((group) => [
      `${group.key || '(top)'}: ${format}, ${group.layout ?? 'no vision transformer'}, ${group.tensors.length} tensors, ${group.values} values`,
      ...(group.config === null ? [] : [`  model ${JSON.stringify(group.config)}`]),
      ...(group.problem === null ? [] : [`  ${group.problem}`]),
      ...group.tensors.map(({ name, dtype, shape }) => `  ${dtype.padEnd(5)}${name}  [${shape.join(', ')}]`),
    ])
    .join('\n');
}

function channelsOption(): Option {
  return new Option('--channels <n>', 'channels of the patch kernel, 1 or 3').argParser((text): 1 | 3 => {
    if (text === '1') return 1;
    if (text === '3') return 3;
    throw new InvalidArgumentError('expected 1 or 3');
  });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}
