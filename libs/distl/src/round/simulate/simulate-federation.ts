import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { closeRound, type RoundUpdate } from '@fedistl/aggregation/node';
import { type Engine } from '@fedistl/compute';
import { DomainError, parseModelHash, type SiteId } from '@fedistl/core';
import { generationRules, planHash, type StudyPlan, updateManifestSchema } from '@fedistl/protocol';
import { configHash } from '../../config/parse-train-config';
import { fileHash } from '../file-hash';
import { writeInitialModel } from '../initial-model';
import { type TrainedRound } from '../round-result';
import { type RoundProgress } from '../round-run';
import { trainRound } from '../train-round';
import { judgeGeneration } from './judge-generation';
import { SimulateError } from './simulate.errors';
import {
  readState,
  type SimulatedGeneration,
  type SimulatedModel,
  type SimulationState,
  writeState,
} from './simulation-state';
import { type VirtualSite } from './virtual-site';

/** What a simulation tells as it goes. */
export type SimulationEvent =
  | { readonly kind: 'resumed'; readonly generation: number; readonly round: number }
  | {
      readonly kind: 'progress';
      readonly generation: number;
      readonly round: number;
      readonly siteId: SiteId;
      readonly progress: RoundProgress;
    }
  | { readonly kind: 'withdrew'; readonly siteId: SiteId; readonly code: string; readonly message: string }
  | { readonly kind: 'closed'; readonly generation: number; readonly round: number; readonly sites: number }
  | { readonly kind: 'judged'; readonly result: SimulatedGeneration };

export interface SimulationOptions {
  readonly engine: Engine;
  readonly plan: StudyPlan;
  readonly sites: readonly VirtualSite[];
  /** Gets the models, the state, and what the sites keep between rounds. A simulation that is there goes on. */
  readonly directory: string;
  readonly workers?: number;
  readonly onEvent?: (event: SimulationEvent) => void;
}

export interface SimulationResult {
  readonly generations: readonly SimulatedGeneration[];
  /** The last model that was promoted; null when none was. */
  readonly teacher: SimulatedModel | null;
}

/**
 * A whole study in one process: the sites' and the coordinator's work by the functions that they use themselves
 * (`trainRound`, `closeRound`, `evaluateCandidate`, `judgeCandidate`), one site after another. Nothing is signed or sent.
 *
 * A function of plan and images: interrupted anywhere, it goes on in the same directory and ends in the same models.
 *
 * @throws SimulateError `SIMULATE.OTHER_RUN`, `SIMULATE.ROUND_FAILED`; as the functions named
 */
export async function simulateFederation(options: SimulationOptions): Promise<SimulationResult> {
  const { plan, directory, sites, onEvent } = options;
  const settings = settingsOf(plan, sites);
  const found = await readState(directory, settings);
  if (found !== undefined) onEvent?.({ kind: 'resumed', generation: found.generation, round: found.round });
  let state = found ?? (await startOf(options, settings));
  while (state.generation <= plan.schedule.generations) {
    state = await advance(options, state);
    await writeState(directory, state);
    await rm(path.join(directory, 'rounds'), { recursive: true, force: true });
  }
  return { generations: state.generations, teacher: state.inForce };
}

function settingsOf(plan: StudyPlan, sites: readonly VirtualSite[]): string {
  const images = sites.map((site) => {
    const { identity } = site.roundImages(plan.schedule.generations);
    return { siteId: site.siteId, identity, holdOut: Array.from(site.holdOut().images.labels) };
  });
  return configHash({ plan: planHash(plan), images });
}

async function startOf({ plan, directory }: SimulationOptions, settings: string): Promise<SimulationState> {
  const file = path.join(directory, 'initial.safetensors');
  await writeInitialModel(plan, file);
  const nothing = { teacher: null, centre: null, moments: null, inForce: null, residuals: {}, generations: [] };
  const student = { hash: await fileHash(file), path: file };
  return { settings, generation: 0, round: 1, serverStep: 0, student, ...nothing };
}

/** One round, and at a generation's end its judgement. */
async function advance(options: SimulationOptions, state: SimulationState): Promise<SimulationState> {
  const { plan, directory, onEvent } = options;
  const { generation, round } = state;
  const { updates, residuals } = await trainSites(options, state);
  const closed = await closeRound({
    plan,
    generation,
    round,
    student: state.student.path,
    teacher: state.teacher?.path ?? null,
    moments: state.moments?.path ?? null,
    serverStep: state.serverStep,
    updates,
    directory: path.join(directory, 'models'),
  });
  onEvent?.({ kind: 'closed', generation, round, sites: closed.contributions.length });
  const { student, teacher, centre, moments } = closed;
  const next = { ...state, student, teacher, centre, moments, residuals, serverStep: state.serverStep + 1 };
  if (round < generationRules(plan, generation).rounds) return { ...next, round: round + 1 };
  return endGeneration(options, next);
}

/** A promoted candidate is the teacher of the next generation; after a rejected one both networks start from the one in force. */
async function endGeneration(options: SimulationOptions, state: SimulationState): Promise<SimulationState> {
  const candidate = state.teacher ?? state.student;
  const result = await judgeGeneration(options, state, candidate);
  options.onEvent?.({ kind: 'judged', result });
  const generations = [...state.generations, result];
  const inForce = result.promoted ? candidate : state.inForce;
  const student = result.promoted ? state.student : (inForce ?? state.student);
  return {
    ...state,
    generations,
    inForce,
    // Without a teacher there is no next generation: in a real study a person decides.
    generation: inForce === null ? options.plan.schedule.generations + 1 : state.generation + 1,
    round: 1,
    student,
    teacher: inForce,
    centre: result.promoted ? state.centre : null,
    moments: null,
    serverStep: 0,
  };
}

interface TrainedSites {
  readonly updates: readonly RoundUpdate[];
  readonly residuals: Readonly<Record<string, string>>;
}

/** Every site in turn. One that cannot take part withdraws, as a node does. */
async function trainSites(options: SimulationOptions, state: SimulationState): Promise<TrainedSites> {
  const { plan, engine, directory, workers, sites, onEvent } = options;
  const { generation, round, student, teacher, centre } = state;
  const updates: RoundUpdate[] = [];
  const residuals: Record<string, string> = { ...state.residuals };
  const withdrawn: string[] = [];
  for (const site of sites) {
    const { siteId } = site;
    try {
      const trained = await trainRound({
        ...{ engine, plan, generation, round, siteId },
        student: student.path,
        teacher: teacher?.path ?? null,
        centre: centre?.path ?? null,
        residual: state.residuals[siteId] ?? null,
        images: site.roundImages(generation),
        directory: path.join(directory, 'rounds', siteId),
        ...(workers === undefined ? {} : { workers }),
        onProgress: (progress) => onEvent?.({ kind: 'progress', generation, round, siteId, progress }),
      });
      updates.push({ manifest: manifestOf(plan, siteId, state, trained), path: trained.path });
      if (trained.residual !== null) residuals[siteId] = await keepResidual(directory, siteId, state, trained.residual);
    } catch (error) {
      if (!(error instanceof DomainError) || !/^(ROUND|DISTL)\./.test(error.code)) throw error;
      withdrawn.push(`${siteId} ${error.code}`);
      onEvent?.({ kind: 'withdrew', siteId, code: error.code, message: error.message });
    }
  }
  const { minimumSites } = generationRules(plan, generation);
  if (updates.length >= Math.max(1, minimumSites)) return { updates, residuals };
  throw new SimulateError(
    'SIMULATE.ROUND_FAILED',
    `generation ${generation}, round ${round}: expected updates of at least ${minimumSites} sites, got ${updates.length}; ` +
      `withdrew: ${withdrawn.join(', ') || 'none'}`,
  );
}

/** What rounding lost outlives the round's own directory. */
async function keepResidual(
  directory: string,
  siteId: SiteId,
  { generation, round }: SimulationState,
  file: string,
): Promise<string> {
  const kept = path.join(directory, 'residuals', `${siteId}-${generation}-${round}.safetensors`);
  await mkdir(path.dirname(kept), { recursive: true });
  await copyFile(file, kept);
  return kept;
}

function manifestOf(
  plan: StudyPlan,
  siteId: SiteId,
  { generation, round, student, teacher }: SimulationState,
  { layoutHash, payload, counts, statistics }: TrainedRound,
): RoundUpdate['manifest'] {
  return updateManifestSchema.parse({
    type: 'update-manifest',
    version: 1,
    studyId: plan.studyId,
    ...{ generation, round, attempt: 1, siteId },
    planHash: planHash(plan),
    baseModelHash: parseModelHash(student.hash),
    teacherHash: generation === 0 || teacher === null ? null : parseModelHash(teacher.hash),
    ...{ layoutHash, payload, counts, statistics },
    // Nothing is signed, so nothing can be replayed.
    nonce: '0'.repeat(32),
    createdAt: plan.createdAt,
  });
}
