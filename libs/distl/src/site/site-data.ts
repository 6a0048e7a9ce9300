import { type DataSet, type ImageSelection, type ViewConfig } from '@fedistl/imaging';
import { configHash } from '../config/parse-train-config';
import { DistlError } from '../distl.errors';
import { type TrainingData } from '../trainer/training-data';
import { labelledViews, viewBatches, type ViewBatchOptions } from './view-batches';

export interface SiteDataOptions extends ViewBatchOptions {
  readonly dataSet: DataSet;
  readonly views: ViewConfig;
  readonly generations: number;
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
    labelled: (use, stage) =>
      viewBatches(options, labelled.viewSource(), labelledViews(options.views, use), `labelled/${stage}`, labels),
    unlabelled: (generation) => {
      const fold = Array.from({ length: generation }, (_, i) => i + 1);
      const selection = dataSet.select({ split: 'train', fold });
      return viewBatches(options, selection.viewSource(), options.views, `unlabelled/${generation}`);
    },
  };
}
