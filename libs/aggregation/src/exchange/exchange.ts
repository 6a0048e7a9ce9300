import { type BlobHash, canonicalBytes, createLayout, parseBlobHash, type TensorLayout } from '@fedistl/core';
import { sha256Hex } from '@fedistl/crypto';
import { type LastLayerExchange } from '@fedistl/protocol';
import { AggregationError } from '../aggregation.errors';
import { type NormalisedRegion } from '../kernels/normalised-rows';

/** Names of the DINO head's weight-normalised last layer: w_r = g_r v_r / ||v_r||. */
export interface LastLayerNames {
  /** g, one value a row: fixed at 1, never exchanged. */
  readonly gain: string;
  /** v, rows of directions. */
  readonly direction: string;
}

/** The names in fedistl's models, those of the DINO checkpoints. */
export const dinoLastLayer: LastLayerNames = {
  gain: 'head.last_layer.weight_g',
  direction: 'head.last_layer.weight_v',
};

/** Hash of a layout: two sites with the same hash have the same tensors in the same order. */
export function layoutHash(layout: TensorLayout): BlobHash {
  return parseBlobHash(sha256Hex(canonicalBytes(layout.describe())));
}

/** Which of a model's values travel. */
export class Exchange {
  /** Use `planExchange`. */
  constructor(
    private readonly model: TensorLayout,
    /** Of the flat update: the exchanged tensors in the model's order. */
    readonly layout: TensorLayout,
    /** The last layer in the flat update, where its rows are to be normalised. */
    readonly region: NormalisedRegion | null,
  ) {}

  /** Values of the flat update. */
  get parameters(): number {
    return this.layout.size;
  }

  /** The exchanged values of a flat model, copied out. @throws LayoutError `LAYOUT.SIZE_MISMATCH` */
  gather(model: Float32Array): Float32Array {
    const part = new Float32Array(this.layout.size);
    for (const { name, offset } of this.layout.entries) part.set(this.model.view(model, name), offset);
    return part;
  }

  /** Writes exchanged values back into a flat model; the others stay. @throws LayoutError `LAYOUT.SIZE_MISMATCH` */
  scatter(part: Float32Array, model: Float32Array): void {
    for (const { name } of this.layout.entries) this.model.view(model, name).set(this.layout.view(part, name));
  }
}

/**
 * What is exchanged of a model under a plan.
 *
 * @throws AggregationError `AGGREGATION.NO_LAST_LAYER` when rows are to be normalised and the model has no such layer of two
 *   dimensions
 */
export function planExchange(
  model: TensorLayout,
  lastLayer: LastLayerExchange,
  names: LastLayerNames = dinoLastLayer,
): Exchange {
  const left = new Set(lastLayer === 'exclude' ? [names.gain, names.direction] : [names.gain]);
  const layout = createLayout(model.entries.filter(({ name }) => !left.has(name)));
  if (lastLayer !== 'average-normalised-rows') return new Exchange(model, layout, null);
  const entry = layout.has(names.direction) ? layout.entry(names.direction) : null;
  const [rows, width] = entry?.shape ?? [];
  if (entry?.shape.length !== 2 || rows === undefined || width === undefined) {
    throw new AggregationError(
      'AGGREGATION.NO_LAST_LAYER',
      `expected tensor ${names.direction} of two dimensions, got ${entry === null ? 'none' : `[${entry.shape.join(', ')}]`}`,
    );
  }
  return new Exchange(model, layout, { offset: entry.offset, rows, width });
}
