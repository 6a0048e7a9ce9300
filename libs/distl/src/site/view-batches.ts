import { type PixelSource, type ViewConfig, ViewPipeline, type ViewPipelineOptions } from '@fedistl/imaging';
import { type ImageSource } from '../trainer/training-data';
import { inChannels } from './channels';

export interface ViewBatchOptions {
  /** Channels that the network takes; the grey views are repeated. */
  readonly channels: number;
  readonly batch: number;
  readonly seed: number;
  /** Threads that make views; the pipeline's default when undefined. */
  readonly workers: number | undefined;
}

/**
 * Images as the trainer takes them: batches of views, with labels where there are some.
 *
 * @param stage names, with the seed, the random draws of the views
 * @param labels one an image: 1 or 0
 */
export function viewBatches(
  { channels, batch, seed, workers }: ViewBatchOptions,
  pixels: PixelSource,
  config: ViewConfig,
  stage: string,
  labels?: ArrayLike<number>,
): ImageSource {
  const pipelineOptions: ViewPipelineOptions = {
    source: pixels,
    config,
    seed: `${seed}/${stage}`,
    batchSize: batch,
    ...(workers === undefined ? {} : { workers }),
  };
  const pipeline = new ViewPipeline(pipelineOptions);
  return {
    count: pixels.count,
    async *batches(plans) {
      for await (const { globals, locals, indices, shape } of pipeline.batches(plans)) {
        yield {
          globals: inChannels(globals, shape.globalSize, channels),
          locals: inChannels(locals, shape.localSize, channels),
          ...(labels === undefined ? {} : { labels: Float32Array.from(indices, (index) => labels[index] ?? 0) }),
        };
      }
    },
    close: () => pipeline.close(),
  };
}

/** The views of a labelled image: a supervised step sees no local ones. */
export function labelledViews(views: ViewConfig, use: 'supervised' | 'correction'): ViewConfig {
  return use === 'correction' ? views : { ...views, local: { ...views.local, count: 0 } };
}
