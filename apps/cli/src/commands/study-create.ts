import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type PeopleClient } from '@fedistl/client';
import { forgetUpload, uploadBlob } from '@fedistl/client/node';
import { createRng, type ModelHash, parseModelHash } from '@fedistl/core';
import { hashFile } from '@fedistl/crypto/node';
import { planPreprocessing, preprocessingNote } from '@fedistl/distl';
import { type StudyPlan, type StudyView } from '@fedistl/protocol';
import { scaledStart, saveVit } from '@fedistl/vit';
import { type Command } from 'commander';
import { planNetwork } from '../scripted/plan-network';
import { addConnectionOptions, connect, type ConnectionFlags, show } from './people-connection';
import { readPlan } from './plan-file';

interface Flags extends ConnectionFlags {
  readonly plan: string;
  readonly model?: string;
}

/** Adds `fedistl study create`. */
export function registerStudyCreate(study: Command): void {
  addConnectionOptions(
    study
      .command('create')
      .description('create a study from a plan ("study plan" prints one) and a model to start from')
      .requiredOption('--plan <file>', 'the plan, JSON')
      .option('--model <file>', 'weights to start from, as "model init|import" writes them (new ones by the seed)'),
  ).action(async (flags: Flags) => {
    const plan = await readPlan(flags.plan);
    const created = await createStudy(await connect(flags), plan, flags.model);
    show(flags, created, ({ studyId, state, planHash, initialModel }) => [
      `${studyId}: ${state}`,
      `plan   ${planHash}`,
      `model  ${initialModel}`,
      `another person approves it: fedistl study approve ${studyId}`,
    ]);
  });
}

/** Uploads the model, or a new one that the plan's seed determines, and creates the study. */
export async function createStudy(client: PeopleClient, plan: StudyPlan, model?: string): Promise<StudyView> {
  const directory = await mkdtemp(path.join(tmpdir(), 'fedistl-study-'));
  try {
    const file = model ?? (await newModel(plan, path.join(directory, 'model.safetensors')));
    const initialModel = await uploadModel(client, file, path.join(directory, 'upload.json'));
    return await client.createStudy({ plan, initialModel });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** It says how its images are to be prepared; every later model of the study carries that on. */
async function newModel(plan: StudyPlan, file: string): Promise<string> {
  const config = planNetwork(plan);
  const values = scaledStart(config, createRng(plan.training.seed));
  const note = { preset: plan.model.preset, seed: String(plan.training.seed) };
  await saveVit(file, { config, values }, { ...note, ...preprocessingNote(planPreprocessing(plan)) });
  return file;
}

async function uploadModel(client: PeopleClient, file: string, recordFile: string): Promise<ModelHash> {
  const hash = parseModelHash((await hashFile(file)).sha256);
  const { uploadAddress: endpoint, tokens } = client;
  await uploadBlob({ file, hash, endpoint, tokens, metadata: { purpose: 'model' }, recordFile });
  await forgetUpload(recordFile);
  return hash;
}
