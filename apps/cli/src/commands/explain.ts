import { writeFileAtomic } from '@fedistl/core/node';
import { explainImage, InferenceError } from '@fedistl/distl';
import { type Grey8, listFolder, type PixelSpec, readFolder } from '@fedistl/imaging';
import { type Command } from 'commander';
import { addEngineOptions, engineFrom, type EngineFlags } from './engine-options';
import { addModelInputOptions, type ModelInputFlags, openModels, prepareModels } from './evaluate-models';
import { attentionSheet } from './explain-sheet';

interface Flags extends EngineFlags, ModelInputFlags {
  readonly model: string;
  readonly out: string;
  readonly json?: boolean;
}

/** `fedistl explain`: where the last layer's heads look, over the radiograph. */
export function registerExplain(program: Command): void {
  const command = program
    .command('explain')
    .description(
      'attention of the class token in the last layer over a radiograph, by head, as PNG. The picture shows the radiograph: ' +
        'keep it where the image is. Research use only.',
    )
    .argument('<image>', 'radiograph (DICOM, PNG, JPEG)')
    .requiredOption('--model <file>', 'any checkpoint that "model import" takes')
    .requiredOption('--out <png>', 'the picture to write');
  addModelInputOptions(command).option('--json', 'print one JSON object');
  addEngineOptions(command).action(explain);
}

async function explain(file: string, flags: Flags): Promise<void> {
  const [prepared] = prepareModels(await openModels([flags.model], flags), [], flags, flags.pixels);
  if (prepared === undefined) return;
  const { model, preprocessing, finding } = prepared;
  const image = await readImage(file, preprocessing.pixels);
  const engine = await engineFrom(flags);
  try {
    const explanation = await explainImage(image, { engine, model, preprocessing, finding });
    const { depth } = model.weights.config;
    await writeFileAtomic(flags.out, [await attentionSheet(explanation, depth)]);
    const { probability, patches, shares } = explanation;
    const { heads, rows, columns } = patches;
    const report = { model: model.sha256, layer: depth, probability, heads, rows, columns, shares };
    console.log(
      flags.json === true
        ? JSON.stringify(report)
        : `${flags.out}: ${heads} heads of layer ${depth}, probability ${probability.toFixed(4)}`,
    );
  } finally {
    await engine.dispose();
  }
}

/** @throws InferenceError `INFERENCE.IMAGE_REFUSED` with the reason; DatasetError `DATASET.SOURCE` */
async function readImage(file: string, spec: PixelSpec): Promise<Grey8> {
  const { root, files } = listFolder(file);
  if (files.length > 1) {
    throw new InferenceError('INFERENCE.IMAGE_REFUSED', `expected one image, got a folder of ${files.length}`);
  }
  for await (const { image, reason, code } of readFolder(root, files, { spec, workers: 1 })) {
    if (image !== null) return image;
    throw new InferenceError(
      'INFERENCE.IMAGE_REFUSED',
      `the image cannot be used: ${reason ?? ''}${code === null ? '' : ` (${code})`}`,
    );
  }
  throw new InferenceError('INFERENCE.IMAGE_REFUSED', 'expected one image, got none');
}
