import { type Engine } from '@fedistl/compute';
import { evaluationViews, type ImageSelection, type ViewConfig, ViewPipeline } from '@fedistl/imaging';
import { inferenceProgram, inferenceState, type VitWeights } from '@fedistl/vit';
import { inChannels } from '../../site/channels';

const BATCH = 16;

/**
 * Probability of the first finding for each image of a selection, from the original view that the training pipeline renders: what
 * `Scorer` has to agree with.
 */
export async function pipelineScores(
  engine: Engine,
  { config, values }: VitWeights,
  selection: ImageSelection,
  views: ViewConfig,
): Promise<Float64Array> {
  const size = views.global.size;
  const specs = inferenceState(config);
  const state = await engine.createState(specs);
  await state.write(new Map(specs.map(({ name }) => [name, values.get(name) ?? new Float32Array()])));
  const program = await engine.compile(inferenceProgram(config, { batch: BATCH, height: size, width: size }), state);
  const source = selection.viewSource();
  const pipeline = new ViewPipeline({ source, config: evaluationViews(views), seed: 0, batchSize: BATCH, workers: 0 });
  const scores = new Float64Array(selection.length);
  try {
    const images = new Float32Array(BATCH * config.inChannels * size * size);
    for await (const { globals, indices } of pipeline.batches(batches(selection.length))) {
      images.set(inChannels(globals, size, config.inChannels));
      const logits = (await program.run({ images })).get('logits')?.data ?? new Float32Array();
      for (const [at, index] of indices.entries()) {
        scores[index] = 1 / (1 + Math.exp(-(logits[at * config.classHead.findings] ?? NaN)));
      }
    }
  } finally {
    await pipeline.close();
    await program.dispose();
    await state.dispose();
  }
  return scores;
}

function batches(images: number): { epoch: number; indices: number[] }[] {
  return Array.from({ length: Math.ceil(images / BATCH) }, (_, batch) => ({
    epoch: 0,
    indices: Array.from({ length: Math.min(BATCH, images - batch * BATCH) }, (_unused, i) => batch * BATCH + i),
  }));
}
