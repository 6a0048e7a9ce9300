import {
  type DataSet,
  type ImageSelection,
  type PixelSource,
  type ViewConfig,
  ViewPipeline,
  type ViewPipelineOptions,
} from '@fedistl/imaging';
import { configHash } from '../config/parse-train-config';
import { DistlError } from '../distl.errors';
import { type ImageSource, type TrainingData } from '../trainer/training-data';
import { inChannels } from './channels';

export interface SiteDataOptions {
  readonly dataSet: DataSet;
  readonly views: ViewConfig;
  /** Channels that the network takes; the grey views are repeated. */
  readonly channels: number;
  readonly batch: number;
  readonly seed: number;
  readonly generations: number;
  /** Threads that make views; the pipeline's default when undefined. */
  readonly workers: number | undefined;
}

/**
 * A data set as training data: fold 0 of the training split is the labelled set, folds 1 to t are what generation t sees.
 *
 * @throws DistlError `DISTL.NO_LABELS` when the set has no positive class or the fold no labels
 */
export function siteData(options: SiteDataOptions): TrainingData {
  const { dataSet, generations } = options;
  if (dataSet.positive === null) {
    throw new DistlError('DISTL.NO_LABELS', `data set ${dataSet.name} has no positive class: say which one it is`);
  }
  const labelled = dataSet.select({ split: 'train', fold: 0, label: 'known' });
  const folds = Array.from({ length: generations }, (_, i) => dataSet.select({ split: 'train', fold: i + 1 }));
  const names = (selection: ImageSelection): string[] => selection.items.map((item) => item.contentSha256);
  const labels = labelled.labels();
  return {
    identity: configHash({ labelled: names(labelled), labels: [...labels], folds: folds.map(names) }),
    labels,
    foldSizes: folds.map(({ length }) => length),
    labelled: (use, stage) => {
      const { views } = options;
      const config = use === 'correction' ? views : { ...views, local: { ...views.local, count: 0 } };
      return source(options, labelled.viewSource(), config, `labelled/${stage}`, labels);
    },
    unlabelled: (generation) => {
      const fold = Array.from({ length: generation }, (_, i) => i + 1);
      const selection = dataSet.select({ split: 'train', fold });
      return source(options, selection.viewSource(), options.views, `unlabelled/${generation}`);
    },
  };
}

function source(
  { channels, batch, seed, workers }: SiteDataOptions,
  pixels: PixelSource,
  config: ViewConfig,
  stage: string,
  labels?: Int8Array,
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
