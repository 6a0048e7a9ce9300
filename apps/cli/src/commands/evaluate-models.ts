import {
  type AskedPreprocessing,
  findingOf,
  openModel,
  type OpenModel,
  type PreparedModel,
  resolvePreprocessing,
} from '@fedistl/distl';
import { type PixelSpec, parsePixelSpec, PAPER_TEST_BLUR_RADIUS, type ViewMode } from '@fedistl/imaging';
import { vitPresetNames } from '@fedistl/vit';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { countFromZero, wholeNumber } from './engine-options';

/** How a model's file is read and what is done to its images. */
export interface ModelInputFlags {
  readonly preset?: string;
  readonly network?: string;
  readonly heads?: number;
  readonly allowExtra?: readonly string[];
  readonly inert?: readonly string[];
  readonly finding?: number;
  readonly size?: number;
  readonly pixels?: PixelSpec;
  readonly resize?: ViewMode;
  readonly testBlur?: boolean;
}

/** Adds the flags of the model's file and its input. */
export function addModelInputOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--preset <name>', 'network of a checkpoint whose shapes do not tell').choices(vitPresetNames),
    )
    .option('--network <key>', 'which network of a checkpoint, such as student (the default) or teacher')
    .option('--heads <n>', 'attention heads, where neither preset nor width tell', wholeNumber)
    .option('--allow-extra <prefixes...>', 'tensors of the checkpoint to leave out, by the start of their names')
    .option('--inert <names...>', 'class names to keep as dead data, as in "model import"')
    .option('--finding <n>', 'which logit, from 0, of a model that tells several findings', countFromZero)
    .option('--size <px>', "side of the network's input; asked for unless the model file records it", wholeNumber)
    .option('--pixels <kind>', 'how files became pixels, such as 256-u8-squash-clinical ("dataset show")', pixelKind)
    .addOption(
      new Option('--resize <how>', 'from pixels to input: exact, or fast as the mini preset trains (parity)').choices([
        'parity',
        'fast',
      ]),
    )
    .option('--test-blur', `blur the input by ${PAPER_TEST_BLUR_RADIUS} px as the published test does`)
    .option('--no-test-blur', 'do not, even if the model file records it');
}

function pixelKind(text: string): PixelSpec {
  try {
    return parsePixelSpec(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

/** Reads model files, one after another. @throws as `openModel` */
export async function openModels(files: readonly string[], flags: ModelInputFlags): Promise<OpenModel[]> {
  const { preset, network, heads, allowExtra, inert } = flags;
  const models: OpenModel[] = [];
  for (const file of files) {
    models.push(await openModel(file, { preset, network, numHeads: heads, allowExtra, inertNames: inert }));
  }
  return models;
}

/** Settles what each model's images go through. @param pixels those that there are @throws as `resolvePreprocessing`, `findingOf` */
export function prepareModels(
  models: readonly OpenModel[],
  names: readonly string[],
  flags: ModelInputFlags,
  pixels: PixelSpec | undefined,
): PreparedModel[] {
  const asked: AskedPreprocessing = {
    pixels,
    size: flags.size,
    resize: flags.resize,
    blurRadius: flags.testBlur === undefined ? undefined : flags.testBlur ? PAPER_TEST_BLUR_RADIUS : 0,
  };
  const given = models.map(({ name }, k) => names[k] ?? name);
  return models.map((model, k) => {
    const { config } = model.weights;
    const finding = findingOf(config.classHead.findings, flags.finding);
    const preprocessing = resolvePreprocessing(model.preprocessing, asked, config);
    return { name: uniqueName(given, k), model, preprocessing, finding };
  });
}

/** The name, numbered when an earlier model has it too. */
function uniqueName(names: readonly string[], place: number): string {
  const name = names[place] ?? '';
  const before = names.slice(0, place).filter((other) => other === name).length;
  return before === 0 ? name : `${name} (${before + 1})`;
}
