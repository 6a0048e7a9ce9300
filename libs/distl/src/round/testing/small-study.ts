import { createRng, parseSiteId, parseStudyId, type SiteId } from '@fedistl/core';
import { type PixelSource } from '@fedistl/imaging';
import { demoPlan, type StudyPlan } from '@fedistl/protocol';
import { type RoundImages } from '../round-images';

const demo = demoPlan({
  studyId: parseStudyId('noise'),
  title: 'Noise',
  finding: 'bright',
  createdAt: '2026-01-01T00:00:00Z',
});

export const SITE: SiteId = parseSiteId('seoul');

/** A plan whose rounds take a second: network of width 16, images of 16 px, batches of 4, one round of 6 steps. */
export const SMALL_PLAN: StudyPlan = {
  ...demo,
  model: {
    ...demo.model,
    imageSize: 16,
    embedDim: 16,
    depth: 2,
    numHeads: 2,
    mlpRatio: 2,
    dinoHead: { hiddenDim: 16, bottleneckDim: 8, outDim: 24 },
    classHead: { hiddenDim: 8, findings: 1 },
  },
  schedule: { ...demo.schedule, roundsPerGeneration: 1, minimumSites: 1, quorum: 1 },
  training: {
    ...demo.training,
    batchSize: 4,
    shortBatches: 'refuse',
    views: {
      ...demo.training.views,
      pixels: '16-u8-squash-clinical',
      global: { ...demo.training.views.global, size: 16 },
      local: { ...demo.training.views.local, size: 8 },
    },
    initial: { ...demo.training.initial, stepsPerRound: 4, epochs: 2 },
    generation: {
      ...demo.training.generation,
      stepsPerRound: 6,
      epochs: 2,
      learningRate: { peak: 4e-3, final: 1e-6, warmUpEpochs: 1 },
      correction: { everySteps: 2, start: 'after-warm-up', order: 'reshuffled' },
    },
  },
};

/** The small plan with other settings of the later generations. */
export function withGeneration(changes: Partial<StudyPlan['training']['generation']>): StudyPlan {
  const { training } = SMALL_PLAN;
  return { ...SMALL_PLAN, training: { ...training, generation: { ...training.generation, ...changes } } };
}

/** Noise images of 16 px; those with an odd number are brighter. Site and kind name the noise. */
export function noisePixels(name: string, count: number): PixelSource {
  return {
    width: 16,
    height: 16,
    count,
    id: (index) => `${name}/${index}`,
    read: (index, out) => {
      const noise = createRng(`${name}/${index}`).fillUniform(new Float32Array(out.length));
      for (let i = 0; i < out.length; i++) out[i] = 127 * (noise[i] ?? 0) + 100 * (index % 2);
    },
  };
}

/** Images of a site: some labelled, some not. */
export function noiseImages(name: string, labelled: number, unlabelled: number): RoundImages {
  return {
    identity: `${name}/${labelled}/${unlabelled}`,
    labelled: noisePixels(`${name}/labelled`, labelled),
    labels: Int8Array.from({ length: labelled }, (_, i) => i % 2),
    unlabelled: noisePixels(`${name}/unlabelled`, unlabelled),
  };
}
