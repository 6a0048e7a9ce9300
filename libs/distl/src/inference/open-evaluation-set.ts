import { DataSet, type PixelSpec } from '@fedistl/imaging';
import { InferenceError } from './inference.errors';
import { type OpenModel } from './open-model';

export interface EvaluationSetOptions {
  readonly dataDirectory: string;
  readonly name: string;
  readonly positive?: string | undefined;
  /** Kind of pixels asked for. */
  readonly pixels?: PixelSpec | undefined;
}

/**
 * Opens a data set with the pixels that the models were trained on, where a model says so; else those asked for; else the
 * only ones that it has.
 *
 * @throws InferenceError `INFERENCE.PREPROCESSING_UNKNOWN` when it has several kinds and nobody says which; DatasetError
 */
export function openEvaluationSet(models: readonly OpenModel[], options: EvaluationSetOptions): DataSet {
  const { dataDirectory, name, positive } = options;
  const pixels =
    options.pixels ?? models.find(({ preprocessing }) => preprocessing !== undefined)?.preprocessing?.pixels;
  const dataSet = DataSet.open({
    dataDirectory,
    name,
    ...(positive === undefined ? {} : { positive }),
    ...(pixels === undefined ? {} : { pixels }),
  });
  const kinds = dataSet.summary().caches.map(({ spec }) => spec);
  if (pixels !== undefined || kinds.length === 1) return dataSet;
  dataSet.close();
  throw new InferenceError(
    'INFERENCE.PREPROCESSING_UNKNOWN',
    `data set ${name} has pixels ${kinds.join(', ')}, and the model file does not record which it was trained on: say --pixels`,
  );
}
