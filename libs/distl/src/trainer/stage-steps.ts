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
  readonly event: TrainEvent;
}

type Counts = Pick<RunPosition, 'updates' | 'lastLayerUpdates'>;

/** Single steps of a stage: controls in, counters out (distl.md 1.4 to 1.7). */
export class StageSteps {
  constructor(
    private readonly session: TrainingSession,
    private readonly config: TrainConfig,
  ) {}

  /** The step at `position`: supervised in stage 0, else unlabelled. @throws DistlError `DISTL.LOSS_NOT_FINITE` */
  async step(plan: StagePlan, position: RunPosition, batch: TrainingBatch): Promise<StepDone> {
    const { stage } = plan;
    const { step } = position;
    const epoch = Math.floor(step / plan.stepsPerEpoch);
    const counts = this.#count(plan, position, step, stage > 0);
    const { dino, pseudoLabel } = this.config.weights;
    const output = await this.session.run(stage === 0 ? 'supervised' : 'unlabelled', batch, {
      lossWeights: stage === 0 ? [0, 0, 1] : [dino, pseudoLabel * plan.ramp(epoch), 0],
      ...this.#optimiser(plan, step, counts),
      ...(stage === 0 ? {} : { momentum: plan.momentum(step) }),
      randomness: `${stage}/${step}`,
    });
    const scalar = (name: string): number | undefined => output(name)?.[0];
    const loss = scalar('loss') ?? NaN;
    const classification = scalar('classification') ?? NaN;
    checkLoss(loss, { stage, step }, stage === 0 ? 'supervised' : 'unlabelled');
    const [dinoLoss, teacherEntropy] = [scalar('dino'), scalar('teacherEntropy')];
    const teacherProbabilities = output('teacherProbabilities');
    const sums = addStep(position.sums, {
      loss,
      classification,
      ...(dinoLoss === undefined ? {} : { dino: dinoLoss }),
      ...(teacherEntropy === undefined ? {} : { teacherEntropy }),
      ...(teacherProbabilities === undefined ? {} : { teacherProbabilities }),
    });
    const learningRate = plan.learningRate(step);
    return {
      position: { ...position, ...counts, sums },
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
