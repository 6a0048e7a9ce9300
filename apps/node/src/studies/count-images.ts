import { DataSet, parsePixelSpec } from '@fedistl/imaging';
import { type ParticipationRequest, type StudyPlan } from '@fedistl/protocol';
import { type Assignment } from './assignments';

/**
 * Opens the images that serve a study, with the pixels and the positive class that it needs.
 *
 * @throws DatasetError
 */
export function openStudyImages(dataDirectory: string, { dataSet, positive }: Assignment, plan: StudyPlan): DataSet {
  return DataSet.open({
    dataDirectory,
    name: dataSet,
    pixels: parsePixelSpec(plan.training.views.pixels),
    ...(positive === null ? {} : { positive }),
  });
}

/** What joining a study tells the coordinator: numbers of usable images. @throws DatasetError */
export function countImages(dataDirectory: string, assignment: Assignment, plan: StudyPlan): ParticipationRequest {
  const images = openStudyImages(dataDirectory, assignment, plan);
  try {
    const hasLabels = images.positive !== null;
    const folds = Array.from({ length: plan.schedule.generations + 1 }, (_, fold) => fold);
    return {
      labelled: hasLabels ? images.select({ split: 'train', fold: 0, label: 'known' }).length : 0,
      // Fold 0 is the labelled set: its images are no unlabelled ones, whether their label is known or not.
      unlabelledByFold: folds.map((fold) => (fold === 0 ? 0 : images.select({ split: 'train', fold }).length)),
      holdOut: hasLabels ? images.select({ split: 'test', label: 'known' }).length : 0,
    };
  } finally {
    images.close();
  }
}
