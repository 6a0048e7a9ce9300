import { parseStudyId } from '@fedistl/core';
import { parseMessage } from '../messages/message';
import { demoPlan } from './demo-plan';
import { generationRules } from './generation-rules';
import { referencePlan } from './reference-plan';
import { studyPlanSchema } from './study-plan.schema';

const options = {
  studyId: parseStudyId('tb'),
  title: 'TB',
  finding: 'tuberculosis',
  createdAt: '2026-01-01T00:00:00Z',
};
const demo = demoPlan(options);

/** Paths of what the schema finds wrong. */
const faults = (plan: unknown): string[] =>
  studyPlanSchema.safeParse(plan).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('study plan', () => {
  it.each([
    ['reference', referencePlan(options)],
    ['demo', demo],
  ])('%s is a whole plan', (_name, plan) => {
    expect(parseMessage('study-plan', JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  it('needs every setting: none may hide in a node', () => {
    for (const part of [demo.training, demo.training.generation, demo.training.views, demo.training.views.global]) {
      for (const key of Object.keys(part)) {
        const without = JSON.parse(
          JSON.stringify(demo, (name, value: unknown) => (name === key ? undefined : value)),
        ) as unknown;
        expect(faults(without)).not.toEqual([]);
      }
    }
  });

  it('divides the steps of a generation into whole epochs', () => {
    const { training } = demo;
    const generation = { ...training.generation, epochs: 7 };
    expect(faults({ ...demo, training: { ...training, generation } })).toEqual(['training.generation.epochs']);
    const initial = { ...training.initial, epochs: 7 };
    expect(faults({ ...demo, training: { ...training, initial } })).toEqual(['training.initial.epochs']);
  });

  it('does not normalise rows beside a local teacher', () => {
    const teacher = { mode: 'local', follow: { base: 0.99 } };
    expect(faults({ ...demo, teacher })).toEqual([]);
    const transfer = { ...demo.transfer, dinoLastLayer: 'average-normalised-rows' };
    expect(faults({ ...demo, transfer })).toEqual([]);
    expect(faults({ ...demo, teacher, transfer })).toEqual(['transfer.dinoLastLayer']);
  });

  it('has rules of its own for generation 0', () => {
    expect(generationRules(demo, 0)).toEqual({ rounds: 1, minimumSites: 1, quorum: 1, stepsPerRound: 600 });
    expect(generationRules(demo, 2)).toEqual({ rounds: 2, minimumSites: 2, quorum: 3, stepsPerRound: 120 });
  });
});
