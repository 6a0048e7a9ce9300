import { createHash } from 'node:crypto';
import { canonicalJson } from '@fedistl/core';
import { type DataSet, type ImageSelection, pixelSpecText, type Split } from '@fedistl/imaging';
import { InferenceError } from './inference.errors';
import { subgroupColumns } from './subgroup-columns';

/** The labelled images of a split, as cases of an evaluation. */
export interface LabelledCases {
  readonly selection: ImageSelection;
  readonly split: Split;
  readonly labels: Uint8Array;
  /** Pseudonym of each case's patient; an image without a patient is one of its own. */
  readonly patients: readonly string[];
  /** Subgroup of each case, by attribute. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** SHA-256 over the images' content hashes, their labels, the positive class and the kind of pixels. */
  readonly fingerprint: string;
}

/**
 * The images of a split whose label is known.
 *
 * @throws InferenceError `INFERENCE.NO_LABELS`, `INFERENCE.ONE_CLASS`; DatasetError `DATASET.POSITIVE_REQUIRED`
 */
export function labelledCases(dataSet: DataSet, split: Split): LabelledCases {
  const selection = dataSet.select({ split, label: 'known' });
  const labels = Uint8Array.from(selection.labels());
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const what = `split "${split}" of data set ${dataSet.name}`;
  if (labels.length === 0) {
    throw new InferenceError('INFERENCE.NO_LABELS', `expected labelled images in ${what}, got none`);
  }
  if (positives === 0 || positives === labels.length) {
    const negatives = labels.length - positives;
    throw new InferenceError(
      'INFERENCE.ONE_CLASS',
      `expected images of both classes in ${what}, got ${positives} positive and ${negatives} negative`,
      { details: { positives, negatives } },
    );
  }
  return {
    selection,
    split,
    labels,
    patients: selection.items.map(({ patient, id }) => patient ?? `image ${id}`),
    groups: subgroupColumns(selection.items),
    fingerprint: fingerprintOf(dataSet, selection),
  };
}

/** Does not depend on the order of the images, their row numbers, nor on the site's key. */
function fingerprintOf(dataSet: DataSet, { items }: ImageSelection): string {
  const images = items.map(({ contentSha256, label }) => [contentSha256, label] as const);
  images.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : (x ?? 0) - (y ?? 0)));
  const { positive, pixels } = dataSet;
  return createHash('sha256')
    .update(canonicalJson({ positive, pixels: pixelSpecText(pixels), images }))
    .digest('hex');
}
