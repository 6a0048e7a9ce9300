import { createRng } from '@fedistl/core';
import { type TrainConfig } from '../config/train-config';
import { pseudoLabelRamp, type Schedule, teacherMomentum, warmupCosine } from '../schedules/schedules';
import { momentumBase } from './momentum-base';
import { type BatchPlan } from './training-data';

/**
 * Steps and schedules of one stage, all functions of the stage's one step counter. Stage -1 is self-supervised, 0 supervised, t
 * generation t.
 */
export interface StagePlan {
  readonly stage: number;
  /** Images that an epoch draws from. */
  readonly images: number;
  readonly epochs: number;
  /** Whole batches in an epoch; the remainder is dropped. A set smaller than a batch fills one by repetition. */
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

/**
 * @param images how many the stage goes through in an epoch, at least a batch unless short batches are repeated
 * @param labelled images of a correction pass
 */
export function planStage(config: TrainConfig, stage: number, images: number, labelled = 0): StagePlan {
  const stepsPerEpoch = Math.max(1, Math.floor(images / config.batch));
  const epochs = epochsOf(config, stage, stepsPerEpoch);
  const steps = epochs * stepsPerEpoch;
  const warmupSteps = Math.min(steps, Math.round(config.learningRate.warmupEpochs * stepsPerEpoch));
  const { start } = config.correction;
  const everySteps = correctionInterval(config, labelled);
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

function correctionInterval({ batch, correction: { everySteps } }: TrainConfig, labelled: number): number {
  if (typeof everySteps === 'number') return everySteps;
  return Math.max(1, Math.round(everySteps.perLabelledBatch * Math.max(1, Math.floor(labelled / batch))));
}

function epochsOf({ epochs, leastSteps, selfSupervision }: TrainConfig, stage: number, stepsPerEpoch: number): number {
  if (stage < 0) return selfSupervision?.epochs ?? 0;
  const kind = stage === 0 ? 'initial' : 'generation';
  return Math.max(epochs[kind], Math.ceil(leastSteps[kind] / stepsPerEpoch));
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

/**
 * The whole batches of one pass in random order, from batch `from` on. Fewer images than a batch make one batch, in which they
 * come again and again.
 */
export function* passBatches(options: OrderOptions, from = 0): Generator<BatchPlan, void, undefined> {
  const { seed, images, batch, order, epoch } = options;
  const permutation = createRng(seed).stream(`train/order/${order}`).permutation(images);
  if (images < batch && from === 0) {
    yield { epoch, indices: Array.from({ length: batch }, (_, i) => permutation[i % images] ?? 0) };
  }
  for (let index = from; (index + 1) * batch <= images; index++) {
    yield { epoch, indices: [...permutation.subarray(index * batch, (index + 1) * batch)] };
  }
}
