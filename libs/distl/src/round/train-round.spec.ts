import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Engine } from '@fedistl/compute';
import { parseSiteId, toFloat32 } from '@fedistl/core';
import { readSafetensorsFile, writeSafetensorsFile } from '@fedistl/core/node';
import { type StudyPlan } from '@fedistl/protocol';
import { saveVit, vitParameters } from '@fedistl/vit';
import { planVit } from './plan-settings';
import { type TrainedRound } from './round-result';
import { planUpdateForm } from './round-start';
import { type RoundProgress } from './round-run';
import { firstModels, manifestOf, smallEngine, smallRound } from './testing/small-federation';
import { noiseImages, SITE, SMALL_PLAN, withGeneration } from './testing/small-study';
import { type TrainRoundOptions } from './train-round';

let directory = '';
let engine: Engine;
let folders = 0;
beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'fedistl-train-round-'));
  engine = await smallEngine();
});
afterAll(async () => {
  await engine.dispose();
  rmSync(directory, { recursive: true });
});

async function round(plan: StudyPlan, changes: Partial<TrainRoundOptions> = {}): Promise<TrainedRound> {
  const generation = changes.generation ?? 1;
  const models = await firstModels(plan, directory, generation);
  folders += 1;
  const own = path.join(directory, `round-${folders}`);
  return smallRound({
    engine,
    plan,
    generation,
    images: noiseImages('x', 9, 13),
    directory: own,
    ...models,
    ...changes,
  });
}

/** The plain round, trained once. */
let plain: Promise<TrainedRound> | undefined;
const plainRound = (): Promise<TrainedRound> => (plain ??= round(SMALL_PLAN));

async function updateOf({ path: file }: TrainedRound): Promise<Float32Array> {
  return toFloat32((await readSafetensorsFile(file)).tensors.get('update')!);
}

const norm = (values: Float32Array): number => Math.hypot(...values);

describe('an update', () => {
  it('counts what the site did, and fits the manifest that is signed', async () => {
    const trained = await plainRound();
    expect(manifestOf(SMALL_PLAN, SITE, 1, trained)).toMatchObject({
      layoutHash: planUpdateForm(SMALL_PLAN, 1).layoutHash,
      // Six steps of four images; steps 4 and 6 are not before the warm-up of three, and a pass has two whole batches.
      counts: { steps: 6, imagesSeen: 6 * 4 + 8, labelledImages: 8, acceptedPseudoLabels: 6 * 4 + 8 },
      payload: { centreLength: 24, encoding: { name: 'float32' } },
    });
    expect(Object.keys(trained.statistics)).toEqual(
      expect.arrayContaining(['loss', 'dinoLoss', 'correctionLoss', 'teacherEntropy']),
    );
  });

  it('counts pseudo-labels that the teacher is sure enough of', async () => {
    const trained = await round(withGeneration({ confidence: { positive: 0.999, negative: 0.999 } }));
    // An untrained teacher is sure of nothing; the labels count all the same.
    expect(trained.counts).toMatchObject({ imagesSeen: 32, labelledImages: 8, acceptedPseudoLabels: 8 });
    expect(trained.statistics).toMatchObject({ retained: 0 });
  });

  it('comes of fewer images than a batch where the plan repeats them', async () => {
    const plan: StudyPlan = { ...SMALL_PLAN, training: { ...SMALL_PLAN.training, shortBatches: 'repeat' } };
    const { counts } = await round(plan, { images: noiseImages('x', 0, 3) });
    expect(counts).toMatchObject({ imagesSeen: 24, labelledImages: 0 });
  });

  it('depends on site, round and images, and on nothing else', async () => {
    const [one, again] = [await plainRound(), await round(SMALL_PLAN)];
    expect(again.payload).toEqual(one.payload);
    for (const other of [{ siteId: parseSiteId('daegu') }, { images: noiseImages('y', 9, 13) }]) {
      expect((await round(SMALL_PLAN, other)).payload.blobHash).not.toBe(one.payload.blobHash);
    }
  });

  it('of generation 0 comes of labels, leaves the DINO head alone and sends no centre', async () => {
    const trained = await round(SMALL_PLAN, { generation: 0, images: noiseImages('x', 9, 0) });
    expect(trained.payload.centreLength).toBe(0);
    expect(trained.counts).toEqual({ steps: 4, imagesSeen: 16, labelledImages: 16, acceptedPseudoLabels: 16 });
    const { layout } = planUpdateForm(SMALL_PLAN, 0).exchange;
    const update = await updateOf(trained);
    for (const { name } of layout.entries) {
      expect(norm(layout.view(update, name)) > 0).toBe(!name.startsWith('head.'));
    }
  });

  it('leaves a last layer alone that is not exchanged: the others train against it', async () => {
    const plan: StudyPlan = { ...SMALL_PLAN, transfer: { ...SMALL_PLAN.transfer, dinoLastLayer: 'exclude' } };
    const trained = await round(plan);
    const all = await plainRound();
    expect(trained.payload.parameters).toBe(all.payload.parameters - 24 * 8);
  });

  it('keeps a fixed teacher where it is, to the bit', async () => {
    const plan: StudyPlan = { ...SMALL_PLAN, teacher: { mode: 'local', follow: { base: 1 } } };
    const update = await updateOf(await round(plan));
    expect(norm(update.subarray(0, update.length / 2))).toBeGreaterThan(0);
    expect(norm(update.subarray(update.length / 2))).toBe(0);
    const follows: StudyPlan = { ...SMALL_PLAN, teacher: { mode: 'local', follow: { base: 0.9 } } };
    const moved = await updateOf(await round(follows));
    expect(norm(moved.subarray(moved.length / 2))).toBeGreaterThan(0);
  });

  it('stays nearer to the start under FedProx', async () => {
    const prox = (proximal: number) => ({ ...SMALL_PLAN, training: { ...SMALL_PLAN.training, proximal } });
    const [free, held] = [await updateOf(await plainRound()), await updateOf(await round(prox(100)))];
    expect(norm(held)).toBeLessThan(0.9 * norm(free));
  });

  it('passes on what int8 rounding lost', async () => {
    const encoding = { name: 'int8-block' as const, blockLength: 64 as const, errorFeedback: true };
    const plan: StudyPlan = { ...SMALL_PLAN, transfer: { ...SMALL_PLAN.transfer, encoding } };
    const first = await round(plan);
    const lost = toFloat32((await readSafetensorsFile(first.residual!)).tensors.get('residual')!);
    expect(norm(lost)).toBeGreaterThan(0);
    expect((await round(plan, { residual: first.residual })).payload.blobHash).not.toBe(first.payload.blobHash);
  });
});

it('tells how far it is, stops when asked, and goes on', async () => {
  const own = path.join(directory, 'stopped');
  const told: RoundProgress[] = [];
  const stop = new AbortController();
  const onProgress = (progress: RoundProgress) => {
    told.push(progress);
    if (progress.step === 3) stop.abort();
  };
  const stopped = round(SMALL_PLAN, { directory: own, onProgress, signal: stop.signal, checkpointEverySteps: 100 });
  await expect(stopped).rejects.toMatchObject({ code: 'ROUND.STOPPED' });
  const goneOn = await round(SMALL_PLAN, { directory: own, onProgress: (progress) => told.push(progress) });
  expect(told.map(({ step }) => step)).toEqual([0, 1, 2, 3, 3, 4, 5, 6]);
  expect(told.at(-1)).toMatchObject({ steps: 6, etaSeconds: 0, loss: expect.any(Number) as number });
  expect(goneOn.payload).toEqual((await plainRound()).payload);
});

it('rests between steps, to the same end', async () => {
  let rests = 0;
  const rest = (): Promise<void> => {
    rests += 1;
    return Promise.resolve();
  };
  expect((await round(SMALL_PLAN, { rest })).payload).toEqual((await plainRound()).payload);
  // Between six steps, not behind the last.
  expect(rests).toBe(5);
});

describe('a site that cannot take part says why', () => {
  const still = withGeneration({ correction: { everySteps: 100, start: 'after-warm-up', order: 'same' } });
  it.each<[string, StudyPlan, Partial<TrainRoundOptions>]>([
    ['ROUND.TOO_FEW_IMAGES', SMALL_PLAN, { images: noiseImages('x', 3, 3) }],
    ['ROUND.TOO_FEW_IMAGES', SMALL_PLAN, { generation: 0, images: noiseImages('x', 3, 13) }],
    ['ROUND.NOTHING_DUE', still, { images: noiseImages('x', 9, 0) }],
    ['ROUND.OUTSIDE_PLAN', SMALL_PLAN, { round: 2 }],
    ['ROUND.OUTSIDE_PLAN', SMALL_PLAN, { generation: 3 }],
    ['ROUND.OTHER_MODEL', SMALL_PLAN, { teacher: null }],
    ['FILE.NOT_FOUND', SMALL_PLAN, { student: '/nowhere/model.safetensors' }],
  ])('%s', async (code, plan, changes) => {
    await expect(round(plan, changes)).rejects.toMatchObject({ code });
  });

  it('ROUND.OTHER_MODEL and ROUND.OTHER_CENTRE for files of another study', async () => {
    const config = planVit({ ...SMALL_PLAN, model: { ...SMALL_PLAN.model, depth: 1 } });
    const values = new Map(
      vitParameters(config).map(({ name, shape }) => [name, new Float32Array(shape.reduce((a, b) => a * b, 1))]),
    );
    const student = path.join(directory, 'other.safetensors');
    await saveVit(student, { config, values });
    await expect(round(SMALL_PLAN, { student })).rejects.toMatchObject({ code: 'ROUND.OTHER_MODEL' });
    const centre = path.join(directory, 'centre.safetensors');
    await writeSafetensorsFile(centre, [{ name: 'centre', dtype: 'F32', shape: [5], data: new Float32Array(5) }]);
    await expect(round(SMALL_PLAN, { centre })).rejects.toMatchObject({ code: 'ROUND.OTHER_CENTRE' });
  });

  it('ROUND.NO_CHANGE when nothing moved the student', async () => {
    const plan = withGeneration({
      learningRate: { peak: 1e-50, final: 0, warmUpEpochs: 1 },
      weightDecay: { start: 0, end: 0 },
    });
    await expect(round(plan)).rejects.toMatchObject({ code: 'ROUND.NO_CHANGE' });
  });
});
