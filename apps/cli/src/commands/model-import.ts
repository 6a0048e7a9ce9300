import { importModel, type ImportReport, saveVit, vitPresetNames } from '@fedistl/vit';
import { type Command, Option } from 'commander';
import { channelsOption, wholeNumber } from './model-options';

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

/** Adds `fedistl model import FILE`. @param model the `model` command group */
export function registerModelImport(model: Command): void {
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

function importText(file: string, out: string, report: ImportReport): string {
  const lines = [
    `${file}: ${report.format}, ${report.layout} names${report.network === '' ? '' : `, network ${report.network}`}`,
    `${out}: ${report.tensors} tensors, ${report.values} values`,
  ];
  if (report.initialised.length > 0) lines.push(`started anew: ${report.initialised.join(', ')}`);
  if (report.ignored.length > 0) lines.push(`left out: ${report.ignored.join(', ')}`);
  return lines.join('\n');
}
