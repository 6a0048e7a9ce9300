import { type Engine } from '@fedistl/compute';
import { type Grey8, ViewRenderer } from '@fedistl/imaging';
import { type AttentionMaps, classTokenMaps, inferenceProgram, upsampledMaps } from '@fedistl/vit';
import { inChannels } from '../site/channels';
import { type OpenModel } from './open-model';
import { type Preprocessing } from './preprocessing';
import { findingOf, loadState, probability, renderInput } from './scorer';

export interface ExplainOptions {
  readonly engine: Engine;
  readonly model: OpenModel;
  readonly preprocessing: Preprocessing;
  readonly finding?: number | undefined;
}

export interface Explanation {
  readonly probability: number;
  /** What the network saw, [size, size], 8 bits. */
  readonly input: Grey8;
  /** Class token's attention to each patch, by head, as the softmax gives it: sums to 1 less its attention to itself. */
  readonly patches: AttentionMaps;
  /** The same at the input's size, each head stretched to 0..1 by itself. */
  readonly maps: AttentionMaps;
  /** Share of the class token's attention that goes to patches (the rest goes to itself), by head. */
  readonly shares: readonly number[];
}

/**
 * Attention of the class token in the last layer over one image (distl.md 6.27): true number of heads, bilinear to the size
 * of the input, minimum and maximum of each head to 0 and 1.
 *
 * @throws InferenceError `INFERENCE.FINDING`, `INFERENCE.NOT_FINITE`
 */
export async function explainImage(image: Grey8, options: ExplainOptions): Promise<Explanation> {
  const { engine, model, preprocessing } = options;
  const { config } = model.weights;
  const { size } = preprocessing;
  const finding = findingOf(config.classHead.findings, options.finding);
  const grey = new Float32Array(size * size);
  renderInput(new ViewRenderer(preprocessing.resize), image, preprocessing, grey);
  const state = await loadState(engine, model);
  try {
    const program = await engine.compile(
      inferenceProgram(config, { batch: 1, height: size, width: size, attention: true }),
      state,
    );
    try {
      const outputs = await program.run({ images: inChannels(grey, size, config.inChannels) });
      const side = size / config.patchSize;
      const patches = classTokenMaps({
        values: Float32Array.from(outputs.get('attention')?.data ?? []),
        heads: config.numHeads,
        rows: side,
        columns: side,
      });
      return {
        probability: probability(outputs.get('logits')?.data[finding]),
        input: { width: size, height: size, pixels: Uint8Array.from(grey, (level) => Math.round(255 * level)) },
        patches,
        maps: upsampledMaps(patches, config.patchSize),
        shares: sharesOf(patches),
      };
    } finally {
      await program.dispose();
    }
  } finally {
    await state.dispose();
  }
}

function sharesOf({ heads, rows, columns, values }: AttentionMaps): number[] {
  const length = rows * columns;
  return Array.from({ length: heads }, (_, head) =>
    values.subarray(head * length, (head + 1) * length).reduce((sum, value) => sum + value, 0),
  );
}
