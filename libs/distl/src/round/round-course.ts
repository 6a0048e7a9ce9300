import { createRng, type SiteId } from '@fedistl/core';
import { generationRules, type StudyPlan } from '@fedistl/protocol';
import { type TrainConfig } from '../config/train-config';
import { planStage, type StagePlan } from '../trainer/stage-plan';
import { planTrainConfig, type RunSettings } from './plan-settings';
import { RoundError } from './round.errors';

/** Which round of a study. */
export interface RoundKey {
  readonly generation: number;
  /** From 1. */
  readonly round: number;
}

/** A round's part of its generation: steps `first` to `end - 1` of the generation's one step counter. */
export interface RoundCourse {
  readonly config: TrainConfig;
  /** Schedules over the whole generation, the same at every site: its epochs are parts of the steps, not of the images. */
  readonly stage: StagePlan;
  readonly first: number;
  readonly end: number;
}

/** @throws RoundError `ROUND.OUTSIDE_PLAN`; DistlError `DISTL.CONFIG_INVALID` */
export function roundCourse(plan: StudyPlan, { generation, round }: RoundKey, run: RunSettings): RoundCourse {
  const { rounds, stepsPerRound } = generationRules(plan, generation);
  const { generations } = plan.schedule;
  if (generation > generations || round < 1 || round > rounds) {
    throw new RoundError(
      'ROUND.OUTSIDE_PLAN',
      `expected at most generation ${generations} and a round from 1 to ${rounds}, got generation ${generation}, round ${round}`,
    );
  }
  const config = planTrainConfig(plan, generation, run);
  const epochs = generation === 0 ? config.epochs.initial : config.epochs.generation;
  const stepsPerEpoch = (rounds * stepsPerRound) / epochs;
  return {
    config,
    // The trainer counts epochs by images: as many as fill the plan's epoch.
    stage: planStage(config, generation, stepsPerEpoch * config.batch),
    first: (round - 1) * stepsPerRound,
    end: round * stepsPerRound,
  };
}

/**
 * Seed of a site's orders, views and stochastic depth in a round. Not of the attempt: an attempt that is repeated gives the
 * same update.
 */
export function roundSeed(plan: StudyPlan, siteId: SiteId, { generation, round }: RoundKey): number {
  return createRng(plan.training.seed).stream(`round/${siteId}/${generation}/${round}`).nextUint32();
}
