import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseJson } from '@fedistl/core';
import { FileError, readTextFile, toFileError, writeFileAtomic } from '@fedistl/core/node';
import { type EvaluationReport, type Judgement, type RejectionReason } from '@fedistl/protocol';
import { SimulateError } from './simulate.errors';

/** A model by hash and file. */
export interface SimulatedModel {
  readonly hash: string;
  readonly path: string;
}

/** What a site found of a generation's candidate. */
export type SimulatedEvaluation = Pick<
  EvaluationReport,
  'siteId' | 'holdOut' | 'confidence' | 'auc' | 'aucVariance' | 'aucDifference' | 'brier' | 'expectedCalibrationError'
>;

export interface SimulatedGeneration {
  readonly generation: number;
  readonly candidateHash: string;
  readonly referenceHash: string | null;
  readonly promoted: boolean;
  readonly reasons: readonly Pick<RejectionReason, 'code' | 'siteId' | 'message'>[];
  /** Each site's verdict, and the difference from the teacher in force pooled over the sites. */
  readonly judgement: Judgement;
  readonly sites: readonly SimulatedEvaluation[];
  /** Of all sites with an AUC, by random effects; null where their values cannot be pooled. */
  readonly pooled: { readonly auc: number; readonly low: number; readonly high: number } | null;
}

/** Where a simulation stands: the next round to be trained, from which files. */
export interface SimulationState {
  /** What the simulation is. */
  readonly settings: string;
  readonly generation: number;
  readonly round: number;
  readonly serverStep: number;
  readonly student: SimulatedModel;
  readonly teacher: SimulatedModel | null;
  readonly centre: SimulatedModel | null;
  readonly moments: SimulatedModel | null;
  /** Teacher in force: the last that was promoted. */
  readonly inForce: SimulatedModel | null;
  /** What rounding lost at each site, by site. */
  readonly residuals: Readonly<Record<string, string>>;
  readonly generations: readonly SimulatedGeneration[];
}

const fileOf = (directory: string): string => path.join(directory, 'simulation.json');

/** @throws FileError */
export async function writeState(directory: string, state: SimulationState): Promise<void> {
  await writeFileAtomic(fileOf(directory), [new TextEncoder().encode(`${JSON.stringify(state, null, 2)}\n`)]);
}

/**
 * The state that an interrupted simulation left; undefined when there is none.
 *
 * @param settings what the simulation is to be
 * @throws SimulateError `SIMULATE.OTHER_RUN`; JsonError; FileError
 */
export async function readState(directory: string, settings: string): Promise<SimulationState | undefined> {
  await mkdir(directory, { recursive: true }).catch((cause: unknown) => {
    throw toFileError(cause, 'write', directory);
  });
  let text: string;
  try {
    text = await readTextFile(fileOf(directory));
  } catch (error) {
    if (error instanceof FileError && error.code === 'FILE.NOT_FOUND') return undefined;
    throw error;
  }
  // Written by this very program, atomically; its first member says for which simulation.
  const state = parseJson(text) as SimulationState;
  if (state.settings === settings) return state;
  throw new SimulateError(
    'SIMULATE.OTHER_RUN',
    `${directory} holds a simulation of other data or settings: give those again, or choose another directory`,
  );
}
