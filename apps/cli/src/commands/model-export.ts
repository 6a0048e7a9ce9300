import { exportOnnx } from '@fedistl/compute';
import { writeFileAtomic } from '@fedistl/core/node';
import { type ExportFormat, exportWeights, inferenceProgram, inferenceState, loadVit } from '@fedistl/vit';
import { type Command, Option } from 'commander';
import { channelsOption, wholeNumber } from './model-options';

interface ExportFlags {
  readonly format: ExportFormat | 'onnx';
  readonly out: string;
  readonly channels: 1 | 3;
  readonly teacher?: string;
  readonly size?: number;
  readonly batch: number;
  readonly attention?: boolean;
  readonly json?: boolean;
}

/** What was written, for `--json` and for people. */
interface ExportReport {
  readonly report: Readonly<Record<string, unknown>>;
  readonly line: string;
}

/** Adds `fedistl model export FILE`. @param model the `model` command group */
export function registerModelExport(model: Command): void {
  model
    .command('export')
    .description('write a model for other programs: a PyTorch checkpoint, the backbone by DINO or timm names, or ONNX')
    .argument('<file>', 'a model of this command, .safetensors')
    .addOption(
      new Option(
        '--format <format>',
        'pth: a DISTL checkpoint; dino, timm: the backbone (.pth or .safetensors); onnx: backbone and class head, standalone',
      )
        .choices(['pth', 'dino', 'timm', 'onnx'])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <file>', 'the file to write')
    .addOption(channelsOption().default(3))
    .option('--teacher <file>', 'pth: the teacher of the checkpoint; the same weights if absent')
    .option('--size <px>', "onnx: side of the images; the model's base size if absent", wholeNumber)
    .option('--batch <n>', 'onnx: images a run', wholeNumber, 1)
    .option('--attention', "onnx: the last layer's attention as an output too")
    .option('--json', 'print one JSON object')
    .action(async (file: string, flags: ExportFlags) => {
      const { report, line } =
        flags.format === 'onnx' ? await writeOnnx(file, flags) : await writeWeights(file, flags, flags.format);
      console.log(flags.json === true ? JSON.stringify(report) : line);
    });
}

async function writeWeights(
  file: string,
  { out, channels, teacher }: ExportFlags,
  format: ExportFormat,
): Promise<ExportReport> {
  await exportWeights(out, await loadVit(file), {
    format,
    channels,
    teacher: teacher === undefined ? undefined : await loadVit(teacher),
  });
  return { report: { file, out, format, channels }, line: `${out}: ${format}, ${channels} channels` };
}

async function writeOnnx(file: string, { out, size, batch, attention }: ExportFlags): Promise<ExportReport> {
  const { config, values } = await loadVit(file);
  const side = size ?? config.imageSize;
  const program = inferenceProgram(config, { batch, height: side, width: side, attention: attention === true });
  const bytes = exportOnnx(program, inferenceState(config), values, { 'fedistl.vit': JSON.stringify(config) });
  await writeFileAtomic(out, [bytes]);
  return {
    report: { file, out, format: 'onnx', bytes: bytes.length, inputs: program.inputs },
    line: `${out}: ${bytes.length} bytes, ${side} px, batch ${batch}`,
  };
}
