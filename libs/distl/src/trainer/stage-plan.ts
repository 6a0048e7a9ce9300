import { createRng } from '@fedistl/core';
import { type TrainConfig } from '../config/train-config';
import { pseudoLabelRamp, type Schedule, teacherMomentum, warmupCosine } from '../schedules/schedules';
import { momentumBase } from './momentum-base';
import { type BatchPlan } from './training-data';

/** Steps and schedules of one stage, all functions of the stage's one step counter. Stage 0 is the supervised one. */
export interface StagePlan {
  readonly stage: number;
  /** Images that an epoch draws from. */
  readonly images: number;
  readonly epochs: number;
  /** Whole batches in an epoch; the remainder is dropped. */
  readonly stepsPerEpoch: number;
  readonly steps: number;
  readonly learningRate: Schedule;
  readonly weightDecay: Schedule;
  readonly momentum: Schedule;
  /** α by epoch. */
  readonly ramp: (epoch: number) => number;
  /** Whether a correction pass follows step `step`. */
  readonly corrects: (step: number) => boolean;
}

/** @param images how many the stage goes through in an epoch, at least a batch */
export function planStage(config: TrainConfig, stage: number, images: number): StagePlan {
  const epochs = stage === 0 ? config.epochs.initial : config.epochs.generation;
  const stepsPerEpoch = Math.floor(images / config.batch);
  const steps = epochs * stepsPerEpoch;
  const warmupSteps = Math.min(steps, Math.round(config.learningRate.warmupEpochs * stepsPerEpoch));
  const { everySteps, start } = config.correction;
  const { teacher, weightDecay, learningRate } = config;
  const base = 'base' in teacher ? teacher.base : momentumBase(teacher.startShare, steps);
  return {
    stage,
    images,
    epochs,
    stepsPerEpoch,
    steps,
    learningRate: warmupCosine({
      peak: (learningRate.peak * config.batch) / 16,
      final: learningRate.final,
      totalSteps: steps,
      warmupSteps,
    }),
    weightDecay: warmupCosine({ peak: weightDecay.start, final: weightDecay.end, totalSteps: steps, warmupSteps: 0 }),
    momentum: teacherMomentum(base, steps),
    ramp: (epoch) => (config.pseudoLabelRamp === 'linear' ? pseudoLabelRamp(epoch, epochs) : 1),
    corrects: (step) =>
      stage > 0 &&
      everySteps > 0 &&
      step % everySteps === 0 &&
      (start === 'first-step' || step >= Math.max(1, warmupSteps)),
  };
}

export interface OrderOptions {
  readonly seed: number;
  readonly images: number;
  readonly batch: number;
  /** Names the random stream of the order: same name, same order. */
  readonly order: string;
  /** Epoch of the views. */
  readonly epoch: number;
}

/** The whole batches of one pass in random order, from batch `from` on. */
export function* passBatches(options: OrderOptions, from = 0): Generator<BatchPlan, void, undefined> {
  const { seed, images, batch, order, epoch } = options;
  const permutation = createRng(seed).stream(`train/order/${order}`).permutation(images);
  for (let index = from; (index + 1) * batch <= images; index++) {
    yield { epoch, indices: [...permutation.subarray(index * batch, (index + 1) * batch)] };
  }
}
