import { parseStudyId } from '@fedistl/core';
import { demoPlan, type StudyPlan, studyPlanSchema } from '@fedistl/protocol';

export interface TinyPlanOptions {
  readonly studyId?: string;
  /** After generation 0. */
  readonly generations?: number;
  readonly roundsPerGeneration?: number;
  readonly schedule?: Partial<StudyPlan['schedule']>;
  readonly stepsPerRound?: number;
}

/** A plan whose rounds take about a second: 16 px, one block of width 16, two sites. What counts is the path, not the AUC. */
export function tinyPlan(options: TinyPlanOptions = {}): StudyPlan {
  const { generations = 1, roundsPerGeneration = 1, stepsPerRound = 4 } = options;
  const plan = demoPlan({
    studyId: parseStudyId(options.studyId ?? 'tiny'),
    title: 'Tiny',
    finding: 'tuberculosis',
    createdAt: '2026-01-01T00:00:00Z',
  });
  const { views, initial, generation } = plan.training;
  return studyPlanSchema.parse({
    ...plan,
    model: {
      ...plan.model,
      preset: 'tiny',
      imageSize: 16,
      embedDim: 16,
      depth: 1,
      numHeads: 2,
      dinoHead: { hiddenDim: 16, bottleneckDim: 8, outDim: 16 },
      classHead: { hiddenDim: 8, findings: 1 },
    },
    schedule: {
      ...plan.schedule,
      generations,
      roundsPerGeneration,
      // Every update of every site, so that who is first changes nothing.
      initial: { rounds: 1, minimumSites: 2, quorum: 2 },
      minimumSites: 2,
      quorum: 2,
      ...options.schedule,
    },
    training: {
      ...plan.training,
      batchSize: 8,
      views: {
        ...views,
        pixels: '32-u8-squash-clinical',
        global: { ...views.global, size: 16 },
        local: { ...views.local, size: 8 },
      },
      initial: { ...initial, stepsPerRound, epochs: 2 },
      generation: {
        ...generation,
        stepsPerRound,
        epochs: 2,
        freezeLastLayerEpochs: 0,
        correction: { ...generation.correction, everySteps: 2, start: 'first-step' },
        // A network this small may well give every image the same output; what is tested is the path.
        onCollapse: 'report',
      },
    },
    acceptance: { ...plan.acceptance, nonInferiorityMargin: 1, minimumSites: 1 },
  });
}
