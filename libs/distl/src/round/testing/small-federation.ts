import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { closeRound, type ClosedRound } from '@fedistl/aggregation/node';
import { createEngine, type Engine } from '@fedistl/compute';
import { parseModelHash, parseSiteId, type SiteId } from '@fedistl/core';
import { planHash, type StudyPlan, updateManifestSchema, type UpdateManifest } from '@fedistl/protocol';
import { type RoundImages } from '../round-images';
import { writeInitialModel } from '../initial-model';
import { type TrainedRound } from '../round-result';
import { trainRound, type TrainRoundOptions } from '../train-round';
import { SITE } from './small-study';

export const smallEngine = (): Promise<Engine> => createEngine({ engine: 'onnxruntime', threads: 1 });

/** What a federation has between two rounds. */
export interface Models {
  readonly student: string;
  readonly teacher: string | null;
  readonly centre: string | null;
}

/** A model from the plan's seed, to be student and, from generation 1 on, teacher. */
export async function firstModels(plan: StudyPlan, directory: string, generation: number): Promise<Models> {
  const student = path.join(directory, 'first.safetensors');
  await writeInitialModel(plan, student);
  return { student, teacher: generation === 0 ? null : student, centre: null };
}

/** One site's round with small images. */
export function smallRound(
  options: Pick<TrainRoundOptions, 'engine' | 'plan' | 'generation' | 'images' | 'directory'> &
    Models &
    Partial<TrainRoundOptions>,
): Promise<TrainedRound> {
  return trainRound({ round: 1, siteId: SITE, workers: 0, checkpointEverySteps: 1, ...options });
}

/** The manifest that a node would sign, read by the schema that the coordinator reads it with. */
export function manifestOf(plan: StudyPlan, siteId: SiteId, generation: number, trained: TrainedRound): UpdateManifest {
  const zeros = parseModelHash('0'.repeat(64));
  return updateManifestSchema.parse({
    type: 'update-manifest',
    version: 1,
    studyId: plan.studyId,
    generation,
    round: 1,
    attempt: 1,
    siteId,
    planHash: planHash(plan),
    baseModelHash: zeros,
    teacherHash: generation === 0 ? null : zeros,
    layoutHash: trained.layoutHash,
    payload: trained.payload,
    counts: trained.counts,
    statistics: trained.statistics,
    nonce: '0'.repeat(32),
    createdAt: '2026-01-01T00:00:00Z',
  });
}

/** A whole round of several sites: each trains, the coordinator's side closes. */
export async function federatedRound(
  plan: StudyPlan,
  options: {
    readonly engine: Engine;
    readonly directory: string;
    readonly generation: number;
    readonly models: Models;
    readonly sites: Readonly<Record<string, RoundImages>>;
  },
): Promise<ClosedRound> {
  const { engine, directory, generation, models, sites } = options;
  const updates = [];
  for (const [name, images] of Object.entries(sites)) {
    const siteId = parseSiteId(name);
    const own = path.join(directory, name);
    const trained = await smallRound({ engine, plan, generation, images, directory: own, siteId, ...models });
    updates.push({ manifest: manifestOf(plan, siteId, generation, trained), path: trained.path });
  }
  return closeRound({
    plan,
    generation,
    round: 1,
    student: models.student,
    teacher: models.teacher,
    moments: null,
    serverStep: 0,
    updates,
    directory: path.join(directory, 'models'),
  });
}

export const bytesOf = (file: string): Promise<Buffer> => readFile(file);
