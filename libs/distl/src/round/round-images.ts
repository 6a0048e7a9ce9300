import { type DataSet, type ImageSelection, type PixelSource, pixelSpecText } from '@fedistl/imaging';
import { type StudyPlan } from '@fedistl/protocol';
import { configHash } from '../config/parse-train-config';
import { RoundError } from './round.errors';

/** What a site trains on in a round. */
export interface RoundImages {
  /** A hash of which images and labels these are: a checkpoint belongs to one of them. */
  readonly identity: string;
  readonly labelled: PixelSource;
  /** One a labelled image: 1 or 0. */
  readonly labels: ArrayLike<number>;
  /** Images of the folds 1 to t; none in generation 0. */
  readonly unlabelled: PixelSource;
}

/**
 * A hospital's images for a generation: fold 0 of the training split where the label is known, and folds 1 to t. A set
 * without a positive class has no labels; that is no error.
 *
 * @throws RoundError `ROUND.OTHER_PIXELS`
 */
export function siteRoundImages(dataSet: DataSet, plan: StudyPlan, generation: number): RoundImages {
  requirePixels(dataSet, plan);
  const known = dataSet.positive === null ? { fold: [] } : { fold: 0, label: 'known' as const };
  const labelled = dataSet.select({ split: 'train', ...known });
  const fold = Array.from({ length: generation }, (_, i) => i + 1);
  const unlabelled = dataSet.select({ split: 'train', fold });
  const labels = labelled.labels();
  return {
    identity: configHash({ labelled: namesOf(labelled), labels: [...labels], unlabelled: namesOf(unlabelled) }),
    labelled: labelled.viewSource(),
    labels,
    unlabelled: unlabelled.viewSource(),
  };
}

/** @throws RoundError `ROUND.OTHER_PIXELS` unless the data set was opened with the pixels that the plan names */
export function requirePixels({ name, pixels }: DataSet, { training }: StudyPlan): void {
  const got = pixelSpecText(pixels);
  if (got === training.views.pixels) return;
  throw new RoundError(
    'ROUND.OTHER_PIXELS',
    `expected data set ${name} with pixels ${training.views.pixels}, as the plan says, got ${got}`,
  );
}

function namesOf({ items }: ImageSelection): string[] {
  return items.map(({ contentSha256 }) => contentSha256);
}
