import { type ReportedData, type ReportedModel, type ReportedPreprocessing } from '@fedistl/evaluation';
import { type DataSet, pixelSpecText, QUARANTINE_MEANINGS } from '@fedistl/imaging';
import { type LabelledCases } from './labelled-cases';
import { type OpenModel } from './open-model';
import { type Preprocessing } from './preprocessing';

/** A model to be run, with what is done to its images. */
export interface PreparedModel {
  /** Name in reports. */
  readonly name: string;
  readonly model: OpenModel;
  readonly preprocessing: Preprocessing;
  /** Which logit is the finding, from 0; may be left out when the model has one. */
  readonly finding?: number | undefined;
}

/** What a report says of a model. */
export function reportedModel({ name, model, preprocessing }: PreparedModel): ReportedModel {
  const { depth, embedDim, numHeads, patchSize } = model.weights.config;
  return {
    name,
    sha256: model.sha256,
    parameters: model.parameters,
    architecture: `ViT of ${depth} blocks of ${embedDim}, ${numHeads} heads, ${patchSize} px patches`,
    preprocessing: reportedPreprocessing(model, preprocessing),
  };
}

function reportedPreprocessing(model: OpenModel, preprocessing: Preprocessing): ReportedPreprocessing {
  const { pixels, ...rest } = preprocessing;
  const isRecorded = model.preprocessing?.blurRadius === rest.blurRadius;
  return { ...rest, pixels: pixelSpecText(pixels), source: isRecorded ? 'model file' : 'operator' };
}

/** What a report says of the images: counts and hashes, no file and no patient. */
export function reportedData(dataSet: DataSet, cases: LabelledCases): ReportedData {
  const { split, labels, patients, fingerprint } = cases;
  const summary = dataSet.summary();
  const positives = labels.reduce((sum, label) => sum + label, 0);
  return {
    name: dataSet.name,
    fingerprint,
    split,
    positive: dataSet.positive ?? '',
    images: labels.length,
    patients: new Set(patients).size,
    positives,
    negatives: labels.length - positives,
    unlabelled: dataSet.select({ split, label: null }).length,
    quarantined: summary.quarantined,
    quarantineMeanings: QUARANTINE_MEANINGS,
    straddlingPatients: summary.straddlingPatients,
  };
}
