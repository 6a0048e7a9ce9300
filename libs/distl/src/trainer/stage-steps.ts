import { type RunPosition } from '../checkpoint/run-position';
import { type TrainConfig } from '../config/train-config';
import { checkLoss } from '../monitor/collapse';
import { addCorrection, addStep } from '../monitor/epoch-summary';
import { adamwScalars, frozenScalars } from '../optimiser/adamw';
import { type StagePlan } from './stage-plan';
import { type TrainEvent } from './train-events';
import { type TrainingBatch } from './training-data';
import { type TrainingSession } from './training-session';

export interface StepDone {
  /** Counters and sums behind the step; `step` itself is not advanced. */
  readonly position: RunPosition;
  /** The teacher's features, [2·B, D]; undefined of a supervised step. */
  readonly features: ArrayLike<number> | undefined;
  readonly event: TrainEvent;
}

type Counts = Pick<RunPosition, 'updates' | 'lastLayerUpdates'>;

/** Single steps of a stage: controls in, counters out (distl.md 1.4 to 1.7). */
export class StageSteps {
  constructor(
    private readonly session: TrainingSession,
    private readonly config: TrainConfig,
  ) {}

  /** The step at `position`: supervised in stage 0, else unlabelled, in stage -1 with the DINO term alone. @throws DistlError `DISTL.LOSS_NOT_FINITE` */
  async step(plan: StagePlan, position: RunPosition, batch: TrainingBatch): Promise<StepDone> {
    const { stage } = plan;
    const { step } = position;
    const epoch = Math.floor(step / plan.stepsPerEpoch);
    const counts = this.#count(plan, position, step, stage !== 0);
    const lossWeights = this.#lossWeights(plan, epoch);
    const { confidence } = this.config;
    const output = await this.session.run(stage === 0 ? 'supervised' : 'unlabelled', batch, {
      lossWeights,
      ...this.#optimiser(plan, step, counts),
      ...(stage === 0 ? {} : { momentum: plan.momentum(step) }),
      ...(stage === 0 || confidence === null
        ? {}
        : { confidence: [confidence.positive, confidence.negative] as const }),
      randomness: `${stage}/${step}`,
    });
    const scalar = (name: string): number | undefined => output(name)?.[0];
    const loss = scalar('loss') ?? NaN;
    const classification = scalar('classification') ?? NaN;
    checkLoss(loss, { stage, step }, stage === 0 ? 'supervised' : 'unlabelled');
    const withDino = lossWeights[0] > 0;
    const dinoLoss = withDino ? scalar('dino') : undefined;
    const teacherProbabilities = stage > 0 ? output('teacherProbabilities') : undefined;
    const sums = addStep(position.sums, {
      loss,
      classification,
      ...(dinoLoss === undefined ? {} : { dino: dinoLoss }),
      ...(withDino ? { teacherEntropy: scalar('teacherEntropy') ?? NaN } : {}),
      ...(withDino ? { targetInformation: scalar('targetInformation') ?? NaN } : {}),
      retained: scalar('retained') ?? 0,
      ...(teacherProbabilities === undefined ? {} : { teacherProbabilities }),
    });
    const learningRate = plan.learningRate(step);
    return {
      position: { ...position, ...counts, sums },
      features: output('teacherFeatures'),
      event: {
        kind: 'step',
        stage,
        epoch,
        step,
        steps: plan.steps,
        learningRate,
        loss,
        dino: dinoLoss ?? null,
        classification,
      },
    };
  }

  /**
   * One batch of the correction pass behind unlabelled step `at.step`: rates stay at that step's values, the teacher does not
   * move (distl.md 1.5). Without a DINO term it is a supervised step, which leaves head and centre alone.
   *
   * @throws DistlError `DISTL.LOSS_NOT_FINITE`
   */
  async correct(
    plan: StagePlan,
    position: RunPosition,
    at: { readonly step: number; readonly index: number },
    batch: TrainingBatch,
  ): Promise<{ readonly position: RunPosition; readonly loss: number }> {
    const { correctionDino, supervised } = this.config.weights;
    const withDino = correctionDino > 0;
    const counts = this.#count(plan, position, at.step, withDino);
    const output = await this.session.run(withDino ? 'correction' : 'supervised', batch, {
      lossWeights: [correctionDino, 0, supervised],
      ...this.#optimiser(plan, at.step, counts),
      randomness: `${plan.stage}/${at.step}/correction/${at.index}`,
    });
    const loss = output('loss')?.[0] ?? NaN;
    checkLoss(loss, { stage: plan.stage, step: at.step }, 'correction');
    return { position: { ...position, ...counts, sums: addCorrection(position.sums, loss) }, loss };
  }

  #lossWeights({ stage, ramp }: StagePlan, epoch: number): readonly [number, number, number] {
    const { dino, pseudoLabel } = this.config.weights;
    if (stage < 0) return [1, 0, 0];
    return stage === 0 ? [0, 0, 1] : [dino, pseudoLabel * ramp(epoch), 0];
  }

  #frozen(plan: StagePlan, step: number): boolean {
    return step < this.config.frozenLastLayerEpochs * plan.stepsPerEpoch;
  }

  #count(plan: StagePlan, { updates, lastLayerUpdates }: Counts, step: number, reachesHead: boolean): Counts {
    const moves = reachesHead && !this.#frozen(plan, step);
    return { updates: updates + 1, lastLayerUpdates: lastLayerUpdates + (moves ? 1 : 0) };
  }

  #optimiser(
    plan: StagePlan,
    step: number,
    { updates, lastLayerUpdates }: Counts,
  ): { readonly optimiser: Float32Array; readonly lastLayerOptimiser: Float32Array } {
    const scalars = (count: number): Float32Array =>
      adamwScalars(this.config.adamw, plan.learningRate(step), plan.weightDecay(step), count);
    return {
      optimiser: scalars(updates),
      lastLayerOptimiser: this.#frozen(plan, step) ? frozenScalars() : scalars(Math.max(1, lastLayerUpdates)),
    };
  }
}
