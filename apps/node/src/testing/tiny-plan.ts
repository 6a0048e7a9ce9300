import { parseStudyId } from '@fedistl/core';
import { demoPlan, type StudyPlan, studyPlanSchema } from '@fedistl/protocol';

/** A plan whose rounds take about a second: 16 px, one block of width 16. */
export function tinyPlan(studyId = 'tiny'): StudyPlan {
  const plan = demoPlan({
    studyId: parseStudyId(studyId),
    title: 'Tiny',
    finding: 'tuberculosis',
    createdAt: '2026-01-01T00:00:00Z',
  });
  const { views, initial, generation } = plan.training;
  return studyPlanSchema.parse({
    ...plan,
    model: {
      ...plan.model,
      imageSize: 16,
      embedDim: 16,
      depth: 1,
      numHeads: 2,
      dinoHead: { hiddenDim: 16, bottleneckDim: 8, outDim: 16 },
      classHead: { hiddenDim: 8, findings: 1 },
    },
    schedule: { ...plan.schedule, generations: 1, roundsPerGeneration: 1, minimumSites: 1, quorum: 1 },
    training: {
      ...plan.training,
      batchSize: 8,
      views: {
        ...views,
        pixels: '32-u8-squash-clinical',
        global: { ...views.global, size: 16 },
        local: { ...views.local, size: 8 },
      },
      initial: { ...initial, stepsPerRound: 12, epochs: 2 },
      generation: { ...generation, stepsPerRound: 12, epochs: 2, freezeLastLayerEpochs: 0, onCollapse: 'report' },
    },
    acceptance: { ...plan.acceptance, minimumSites: 1 },
  });
}
