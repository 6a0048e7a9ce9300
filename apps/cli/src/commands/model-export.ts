import { writeFileAtomic } from '@fedistl/core/node';
import { type ExportFormat, exportWeights, inferenceProgram, inferenceState, loadVit } from '@fedistl/vit';
import { type Command, Option } from 'commander';
import { channelsOption, wholeNumber } from './model-options';

/** Adds `fedistl model export-weights FILE` and `export-onnx FILE`. @param model the `model` command group */
export function registerModelExport(model: Command): void {
  registerWeights(model);
  registerOnnx(model);
}

interface ExportFlags {
  readonly format: ExportFormat;
  readonly out: string;
  readonly channels: 1 | 3;
  readonly teacher?: string;
  readonly json?: boolean;
}

function registerWeights(model: Command): void {
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

interface OnnxFlags {
  readonly out: string;
  readonly size?: number;
  readonly batch: number;
  readonly attention?: boolean;
  readonly json?: boolean;
}

function registerOnnx(model: Command): void {
  model
    .command('export-onnx')
    .description('write backbone and class head as a standalone ONNX file: images in, logits and features out')
    .argument('<file>', 'a model of this command, .safetensors')
    .requiredOption('--out <file>', 'the ONNX file to write')
    .option('--size <px>', "side of the images; the model's base size if absent", wholeNumber)
    .option('--batch <n>', 'images a run', wholeNumber, 1)
    .option('--attention', "the last layer's attention as an output too")
    .option('--json', 'print one JSON object')
    .action(async (file: string, { out, size, batch, attention, json }: OnnxFlags) => {
      const { exportOnnx } = await import('@fedistl/compute');
      const { config, values } = await loadVit(file);
      const side = size ?? config.imageSize;
      const program = inferenceProgram(config, { batch, height: side, width: side, attention: attention === true });
      const bytes = exportOnnx(program, inferenceState(config), values, { 'fedistl.vit': JSON.stringify(config) });
      await writeFileAtomic(out, [bytes]);
      const report = { file, out, bytes: bytes.length, inputs: program.inputs };
      console.log(json === true ? JSON.stringify(report) : `${out}: ${bytes.length} bytes, ${side} px, batch ${batch}`);
    });
}
