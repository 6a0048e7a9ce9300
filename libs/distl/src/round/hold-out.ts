import { type DataSet, type PixelSource, type Split } from '@fedistl/imaging';
import { type StudyPlan } from '@fedistl/protocol';
import { requirePixels } from './round-images';

/** Labelled images, to judge a model on or to choose its thresholds on. */
export interface JudgedImages {
  /** What people call them, such as "lung-a, test split". */
  readonly name: string;
  readonly pixels: PixelSource;
  /** One an image: 1 or 0. */
  readonly labels: ArrayLike<number>;
}

export interface HoldOut {
  readonly images: JudgedImages;
  /** Patients that the images are of. */
  readonly patients: number;
  /** Other labelled images, to choose operating points on; null when there are none of both classes. */
  readonly tuning: (JudgedImages & { readonly purpose: 'training' | 'validation' }) | null;
}

/**
 * A hospital's hold-out: the labelled images of one split. Operating points are chosen on the validation split where that is
 * another and has both classes, else on the labelled set that is trained on.
 *
 * @param split default `test`
 * @throws RoundError `ROUND.OTHER_PIXELS`
 */
export function siteHoldOut(dataSet: DataSet, plan: StudyPlan, split: Split = 'test'): HoldOut {
  requirePixels(dataSet, plan);
  const { images, items } = labelledImages(dataSet, split);
  const patients = new Set(items.map(({ id, patient }) => patient ?? `image ${id}`)).size;
  for (const other of ['val', 'train'] as const) {
    const tuning = labelledImages(dataSet, other).images;
    if (other === split || new Set(Array.from(tuning.labels)).size < 2) continue;
    return { images, patients, tuning: { ...tuning, purpose: other === 'val' ? 'validation' : 'training' } };
  }
  return { images, patients, tuning: null };
}

function labelledImages(
  dataSet: DataSet,
  split: Split,
): { images: JudgedImages; items: readonly { id: number; patient: string | null }[] } {
  const isTrained = split === 'train' ? { fold: 0 } : {};
  const known = dataSet.positive === null ? { fold: [] } : { ...isTrained, label: 'known' as const };
  const selection = dataSet.select({ split, ...known });
  const name = `${dataSet.name}, split ${split}`;
  return { images: { name, pixels: selection.viewSource(), labels: selection.labels() }, items: selection.items };
}
