import { type DataSetItem, type ViewConfig } from '@fedistl/imaging';
import { configHash } from '../config/parse-train-config';
import { labelledViews, viewBatches, type ViewBatchOptions } from '../site/view-batches';
import { type TrainingData } from '../trainer/training-data';
import { type ImagePool } from './image-pool';

export interface PoolDataOptions extends ViewBatchOptions {
  readonly pool: ImagePool;
  readonly views: ViewConfig;
  readonly labelled: readonly DataSetItem[];
  /** Labels to train on, one for each labelled image. */
  readonly labels: Uint8Array;
  readonly folds: readonly (readonly DataSetItem[])[];
}

/** Chosen images as training data, whatever splits and folds the data set has. */
export function poolData(options: PoolDataOptions): TrainingData {
  const { pool, views, labelled, labels, folds } = options;
  const names = (items: readonly DataSetItem[]): string[] => items.map(({ contentSha256 }) => contentSha256);
  return {
    identity: configHash({ labelled: names(labelled), labels: [...labels], folds: folds.map(names) }),
    labels,
    foldSizes: folds.map(({ length }) => length),
    labelled: (use, stage) =>
      viewBatches(options, pool.source(labelled), labelledViews(views, use), `labelled/${stage}`, labels),
    unlabelled: (generation) => {
      const items = folds.slice(0, generation).flat();
      return viewBatches(options, pool.source(items), views, `unlabelled/${generation}`);
    },
  };
}

/** The labels that the data set gives. */
export function labelsOf(items: readonly DataSetItem[]): Uint8Array {
  return Uint8Array.from(items, ({ label }) => label ?? 0);
}
