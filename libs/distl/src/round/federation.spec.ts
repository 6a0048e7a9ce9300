import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { closeRound } from '@fedistl/aggregation/node';
import { type Engine } from '@fedistl/compute';
import { parseSiteId, toFloat32 } from '@fedistl/core';
import { readSafetensorsFile } from '@fedistl/core/node';
import { type StudyPlan } from '@fedistl/protocol';
import { loadVit } from '@fedistl/vit';
import { labelledViews, viewBatches } from '../site/view-batches';
import { train } from '../trainer/trainer';
import { type TrainingData } from '../trainer/training-data';
import { planNetwork, planTrainConfig, planViews } from './plan-settings';
import { roundSeed } from './round-course';
import { type RoundImages } from './round-images';
import { federatedRound, firstModels, manifestOf, smallEngine, smallRound } from './testing/small-federation';
import { noiseImages, SITE, SMALL_PLAN, withGeneration } from './testing/small-study';

let directory = '';
let engine: Engine;
beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'fedistl-round-'));
  engine = await smallEngine();
});
afterAll(async () => {
  await engine.dispose();
  rmSync(directory, { recursive: true });
});
const folder = (name: string): string => path.join(directory, name);

/** The same images for the trainer of one site. */
function trainingData(plan: StudyPlan, images: RoundImages, seed: number): TrainingData {
  const { labelled, labels, unlabelled, identity } = images;
  const views = planViews(plan);
  const options = { channels: 1, batch: plan.training.batchSize, seed, workers: 0 };
  return {
    identity,
    labels,
    foldSizes: [unlabelled.count],
    labelled: (use, stage) => viewBatches(options, labelled, labelledViews(views, use), `labelled/${stage}`, labels),
    unlabelled: (generation) => viewBatches(options, unlabelled, views, `unlabelled/${generation}`),
  };
}

/** Largest difference over the larger of value and 1e-3: a change of a value is rounded twice more on its way. */
function worst(
  expected: ReadonlyMap<string, Float32Array>,
  prefix: string,
  got: ReadonlyMap<string, Float32Array>,
): number {
  let most = 0;
  for (const [name, values] of got) {
    const wanted = expected.get(`${prefix}${name}`)!;
    for (let i = 0; i < values.length; i++) {
      most = Math.max(most, Math.abs(values[i]! - wanted[i]!) / Math.max(Math.abs(wanted[i]!), 1e-3));
    }
  }
  return most;
}

const local: StudyPlan = { ...SMALL_PLAN, teacher: { mode: 'local', follow: { startShare: 0.1 } } };
const parity = {
  ...withGeneration({ weights: { dino: 0.5, pseudoLabel: 0.5, supervised: 0.5, correctionDino: 0.5 } }),
  teacher: local.teacher,
};

describe('one site, one round, its own teacher', () => {
  it.each([
    ['generation 1', 1, local],
    ['generation 1 with a DINO term in the correction', 1, parity],
    ['generation 0', 0, local],
  ])('%s: equals training at one site to float32 rounding', async (name, generation, plan) => {
    const images = noiseImages('one', 9, 13);
    const models = await firstModels(plan, directory, generation);
    const closed = await federatedRound(plan, {
      engine,
      generation,
      models,
      directory: folder(name),
      sites: { [SITE]: images },
    });
    const { values } = await loadVit(models.student);
    const seed = roundSeed(plan, SITE, { generation, round: 1 });
    const alone = await train({
      engine,
      config: planTrainConfig(plan, generation, { checkpointEverySteps: 1000, rematerialise: false }),
      network: planNetwork(plan),
      data: trainingData(plan, images, seed),
      seed,
      generations: generation,
      firstStage: generation === 0 ? 0 : 1,
      start: { student: values, teacher: values },
    });
    const student = (await loadVit(closed.student.path)).values;
    expect(worst(alone.tensors, 'student.', student)).toBeLessThan(1e-6);
    // The test can fail: the round has moved the student far more than that.
    expect(
      worst(new Map([...values].map(([tensor, data]) => [`student.${tensor}`, data])), 'student.', student),
    ).toBeGreaterThan(1e-3);
    if (generation === 0) return;
    expect(worst(alone.tensors, 'teacher.', (await loadVit(closed.teacher!.path)).values)).toBeLessThan(1e-6);
    const centre = toFloat32((await readSafetensorsFile(closed.centre!.path)).tensors.get('centre')!);
    expect(centre).toEqual(alone.tensors.get('centre'));
  });
});

describe('several sites', () => {
  it('that send the same update, from the same images and draws, are as one', async () => {
    const models = await firstModels(SMALL_PLAN, directory, 1);
    const own = { engine, plan: SMALL_PLAN, generation: 1, images: noiseImages('same', 9, 13), ...models };
    const trained = await smallRound({ ...own, directory: folder('same') });
    const close = (names: readonly string[]) =>
      closeRound({
        plan: SMALL_PLAN,
        ...{ generation: 1, round: 1, moments: null, serverStep: 0, directory: folder('models') },
        student: models.student,
        teacher: models.teacher,
        updates: names.map((name) => ({
          manifest: manifestOf(SMALL_PLAN, parseSiteId(name), 1, trained),
          path: trained.path,
        })),
      });
    const [one, three] = [await close(['seoul']), await close(['daegu', 'jeju', 'seoul'])];
    expect(three.contributions).toHaveLength(3);
    expect({ ...three, contributions: [] }).toEqual({ ...one, contributions: [] });
  });

  it('with images but no labels, labels but no images, and both, make a round together', async () => {
    const plan = withGeneration({ weights: { dino: 0.2, pseudoLabel: 0.8, supervised: 0.8, correctionDino: 0 } });
    const closed = await federatedRound(plan, {
      engine,
      generation: 1,
      models: await firstModels(plan, directory, 1),
      directory: folder('mixed'),
      sites: { both: noiseImages('a', 9, 13), images: noiseImages('b', 0, 9), labels: noiseImages('c', 8, 2) },
    });
    expect(closed.refused).toEqual([]);
    // Steps 4 and 6 of 6, after the warm-up, are followed by a pass over two batches of labels.
    const shares = closed.contributions.map(({ siteId, share }) => [siteId, share! * (24 + 8 + 24 + 8)]);
    expect(shares).toEqual([
      ['both', expect.closeTo(32)],
      ['images', expect.closeTo(24)],
      ['labels', expect.closeTo(8)],
    ]);
  });
});
