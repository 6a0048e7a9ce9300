import {
  checkTuning,
  type EvaluationSettings,
  labelledCases,
  openEvaluationSet,
  type PreparedModel,
  tuningImages,
} from '@fedistl/distl';
import { dataDirectoryOf } from './dataset-directory';
import { engineFrom } from './engine-options';
import { makeReportFolder } from './evaluate-files';
import { openModels, prepareModels } from './evaluate-models';
import { type EvaluateFlags, settingsOf } from './evaluate-options';

/** What an evaluation runs with, and how many images it will score a model. */
export interface EvaluationSession {
  readonly models: readonly PreparedModel[];
  readonly settings: EvaluationSettings;
  readonly imagesPerModel: number;
}

/**
 * Opens models, data set and engine, hands them to `use`, and closes them whatever happens. Everything that can be refused is
 * refused before the report's folder is made and anything is computed.
 */
export async function withEvaluation<Result>(
  flags: EvaluateFlags,
  software: string,
  use: (session: EvaluationSession) => Promise<Result>,
): Promise<Result> {
  const { data, positive, pixels, split } = flags;
  const opened = await openModels(flags.model, flags);
  const dataSet = openEvaluationSet(opened, {
    dataDirectory: dataDirectoryOf(flags),
    name: data,
    positive,
    pixels,
  });
  try {
    const models = prepareModels(opened, flags.name, flags, dataSet.pixels);
    const judged = labelledCases(dataSet, split);
    const shared = { ...settingsOf(flags), dataSet, software, createdAt: new Date() };
    checkTuning(shared);
    await makeReportFolder(flags.out);
    const engine = await engineFrom(flags);
    try {
      const settings = { ...shared, engine };
      return await use({ models, settings, imagesPerModel: judged.labels.length + tuningImages(settings) });
    } finally {
      await engine.dispose();
    }
  } finally {
    dataSet.close();
  }
}
