import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Engine } from '@fedistl/compute';
import { createRng, parseModelHash, parseSiteId } from '@fedistl/core';
import { delongInterval } from '@fedistl/evaluation';
import { evaluationReportSchema, judgeCandidate, planHash } from '@fedistl/protocol';
import { initialiseParameters, saveVit } from '@fedistl/vit';
import { scoreSource } from '../inference/score-cases';
import { Scorer } from '../inference/scorer';
import { type CandidateMetrics, evaluateCandidate } from './evaluate-candidate';
import { type HoldOut } from './hold-out';
import { writeInitialModel } from './initial-model';
import { planPreprocessing, planVit } from './plan-settings';
import { readPlanModel } from './round-start';
import { smallEngine } from './testing/small-federation';
import { noisePixels, SMALL_PLAN } from './testing/small-study';

let directory = '';
let candidate = '';
let reference = '';
let engine: Engine;
beforeAll(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'fedistl-candidate-'));
  candidate = path.join(directory, 'candidate.safetensors');
  reference = path.join(directory, 'reference.safetensors');
  await writeInitialModel(SMALL_PLAN, candidate);
  const config = planVit(SMALL_PLAN);
  await saveVit(reference, { config, values: initialiseParameters(config, createRng('reference')) });
  engine = await smallEngine();
});
afterAll(async () => {
  await engine.dispose();
  rmSync(directory, { recursive: true });
});

const labelled = (count: number, positive = (i: number) => i % 2 === 1) => ({
  name: 'noise',
  pixels: noisePixels('hold-out', count),
  labels: Int8Array.from({ length: count }, (_, i) => (positive(i) ? 1 : 0)),
});

const judged = (holdOut: Partial<HoldOut>, withReference = true): Promise<CandidateMetrics> =>
  evaluateCandidate({
    engine,
    plan: SMALL_PLAN,
    candidate,
    reference: withReference ? reference : null,
    holdOut: { images: labelled(20), patients: 20, tuning: { ...labelled(12), purpose: 'training' }, ...holdOut },
  });

/** The metrics as a report, read by the schema, and put to the acceptance rule of a study of one site. */
function verdict(metrics: CandidateMetrics): string[] {
  const hashes = {
    candidateHash: parseModelHash('a'.repeat(64)),
    referenceHash: parseModelHash('b'.repeat(64)),
  };
  const report = evaluationReportSchema.parse({
    ...{ type: 'evaluation-report', version: 1, studyId: 'noise', generation: 1, siteId: parseSiteId('seoul') },
    ...{ planHash: planHash(SMALL_PLAN), nonce: '0'.repeat(32), createdAt: '2026-01-01T00:00:00Z' },
    ...hashes,
    ...metrics,
  });
  const rule = { ...SMALL_PLAN.acceptance, minimumSites: 1, nonInferiorityMargin: 1 };
  return judgeCandidate({ rule, ...hashes, reports: [report] }).reasons.map(({ code }) => code);
}

it('measures the candidate, and its difference from the reference, on the same images', async () => {
  const metrics = await judged({});
  const scorer = await Scorer.open({
    engine,
    model: { weights: await readPlanModel(SMALL_PLAN, candidate, 'model') },
    preprocessing: planPreprocessing(SMALL_PLAN),
  });
  const { pixels, labels } = labelled(20);
  const wanted = delongInterval({ labels, scores: await scoreSource(scorer, pixels) }, { confidence: 0.9 });
  await scorer.dispose();
  expect(metrics.confidence).toBeCloseTo(0.9);
  expect(metrics.auc?.value).toBe(wanted.auc);
  expect(metrics.auc?.low).toBeCloseTo(wanted.lower);
  expect(metrics.aucVariance).toBe(wanted.variance);
  expect(metrics.holdOut).toEqual({ patients: 20, positives: 10, negatives: 10 });
  expect(metrics.operatingPoints.map(({ name }) => name)).toContain('youden');
  expect(verdict(metrics)).toEqual([]);
  const same = await evaluateCandidate({
    ...{ engine, plan: SMALL_PLAN, candidate, reference: candidate },
    holdOut: { images: labelled(20), patients: 20, tuning: null },
  });
  expect(same.aucDifference).toEqual({ value: 0, low: 0, high: 0 });
  expect(same.operatingPoints).toEqual([]);
});

it('has no difference without a reference', async () => {
  expect((await judged({}, false)).aucDifference).toBeNull();
});

it.each([
  ['one class', labelled(8, () => false), { positives: 0, negatives: 8 }],
  ['one image of a class', labelled(8, (i) => i === 0), { positives: 1, negatives: 7 }],
  ['no image', labelled(0), { positives: 0, negatives: 0 }],
])('a hold-out of %s is told of, and the rule does not count it', async (_what, images, counts) => {
  const metrics = await judged({ images, patients: 0 });
  expect(metrics).toMatchObject({ holdOut: counts, auc: null, aucVariance: null, aucDifference: null });
  expect(metrics.brier === null).toBe(images.labels.length === 0);
  expect(verdict(metrics)).toEqual(['ACCEPTANCE.TOO_FEW_SITES']);
});

it('refuses a model of another network', async () => {
  const other = path.join(directory, 'other.safetensors');
  const config = planVit({ ...SMALL_PLAN, model: { ...SMALL_PLAN.model, depth: 1 } });
  await saveVit(other, { config, values: initialiseParameters(config, createRng(1)) });
  const holdOut = { images: labelled(4), patients: 4, tuning: null };
  const asked = evaluateCandidate({ engine, plan: SMALL_PLAN, candidate: other, reference: null, holdOut });
  await expect(asked).rejects.toMatchObject({ code: 'ROUND.OTHER_MODEL' });
});
