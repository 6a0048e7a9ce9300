import { type StudyPlan } from '@fedistl/protocol';
import { labelledViews, viewBatches } from '../site/view-batches';
import { planViews } from './plan-settings';
import { type RoundCourse } from './round-course';
import { type RoundImages } from './round-images';
import { type RoundSources } from './round-run';
import { RoundError } from './round.errors';

export interface SourceSettings {
  readonly plan: StudyPlan;
  readonly course: RoundCourse;
  readonly generation: number;
  readonly seed: number;
  readonly workers: number | undefined;
}

/**
 * The views that a round is trained on. Images of a kind that do not fill a batch are left out, or repeated until they do, as
 * the plan says; a site needs a batch of one kind.
 *
 * @throws RoundError `ROUND.TOO_FEW_IMAGES`, `ROUND.NOTHING_DUE`
 */
export function openSources(images: RoundImages, settings: SourceSettings): RoundSources {
  const { plan, course, generation, seed, workers } = settings;
  const { batch, weights } = course.config;
  const { labelled, labels, unlabelled } = images;
  const isSupervised = generation === 0;
  const fewest = course.config.shortBatches === 'repeat' ? 1 : batch;
  const canCorrect = !isSupervised && labelled.count >= fewest;
  const hasMain = (isSupervised ? labelled.count : unlabelled.count) >= fewest;
  requireWork(images, settings, hasMain, canCorrect);
  const views = planViews(plan);
  const options = { channels: plan.model.inChannels, batch, seed, workers };
  const withLabels = (use: 'supervised' | 'correction'): RoundSources['main'] =>
    viewBatches(options, labelled, labelledViews(views, use), `labelled/${generation}`, labels);
  const main = isSupervised
    ? (): RoundSources['main'] => withLabels('supervised')
    : (): RoundSources['main'] => viewBatches(options, unlabelled, views, `unlabelled/${generation}`);
  return {
    main: hasMain ? main() : null,
    correction: canCorrect ? withLabels(weights.correctionDino > 0 ? 'correction' : 'supervised') : null,
  };
}

function requireWork(
  { labelled, unlabelled }: RoundImages,
  { course, generation }: SourceSettings,
  hasMain: boolean,
  canCorrect: boolean,
): void {
  if (hasMain) return;
  const { batch } = course.config;
  if (!canCorrect) {
    const wanted = generation === 0 ? 'labelled images' : 'images, unlabelled or labelled,';
    throw new RoundError(
      'ROUND.TOO_FEW_IMAGES',
      `generation ${generation}: expected at least a batch of ${batch} ${wanted} in the training split, got ` +
        `${labelled.count} labelled and ${unlabelled.count} unlabelled`,
      { details: { batch, labelled: labelled.count, unlabelled: unlabelled.count } },
    );
  }
  for (let step = course.first; step < course.end; step++) if (course.stage.corrects(step)) return;
  throw new RoundError(
    'ROUND.NOTHING_DUE',
    `generation ${generation}: the site has labelled images alone, and the plan asks for no correction in this round`,
  );
}
