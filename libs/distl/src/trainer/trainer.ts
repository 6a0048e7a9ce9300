import { type Engine } from '@fedistl/compute';
import { type CheckpointStore, snapshotHash } from '../checkpoint/checkpoint-store';
import { type RunPosition } from '../checkpoint/run-position';
import { type TrainConfig } from '../config/train-config';
import { stopOnCollapse } from '../monitor/collapse';
import { effectiveRank } from '../monitor/effective-rank';
import { NO_SUMS, summarise } from '../monitor/epoch-summary';
import { stateName } from '../step/state-names';
import { checkTrainingData } from './check-data';
import { type Network, stepConfigOf } from './network';
import { passBatches, planStage, type StagePlan } from './stage-plan';
import { StageSteps } from './stage-steps';
import { type TrainEvent } from './train-events';
import { type BatchPlan, type ImageSource, type TrainingData } from './training-data';
import { TrainingSession } from './training-session';

export interface TrainerOptions {
  readonly engine: Engine;
  readonly config: TrainConfig;
  readonly network: Network;
  readonly data: TrainingData;
  readonly seed: number;
  /** Generations after the initial stage. */
  readonly generations: number;
  /** Starting weights of student and teacher by checkpoint name. */
  readonly start: Readonly<Record<'student' | 'teacher', ReadonlyMap<string, Float32Array>>>;
  /**
   * 0 for the supervised stage, and a self-supervised one before it where the configuration asks for that; 1 to go straight to
   * the generations from `start`.
   */
  readonly firstStage?: 0 | 1;
  readonly checkpoints?: CheckpointStore;
  /** Go on from the newest checkpoint, if there is one. */
  readonly resume?: boolean;
  readonly onEvent?: (event: TrainEvent) => void;
  /** Called at the end of each stage; again for the last one, when the run was ended in the midst of it. */
  readonly onStageEnd?: (stage: number, session: TrainingSession) => Promise<void>;
}

export interface TrainResult {
  /** SHA-256 over all tensors and counters at the end. */
  readonly hash: string;
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

/**
 * Trains DISTL at one site (distl.md 1.1): the supervised stage on the labelled set, then generations on cumulative folds.
 * The first generation starts student and teacher from the supervised student, each later one both from where they were.
 * A generation has an optimiser and schedules of its own.
 *
 * A run depends on config, network, data, seed and engine only: ended anywhere and resumed, it ends in the same bits.
 *
 * @throws DistlError `DISTL.NO_LABELS`, `DISTL.ONE_CLASS`, `DISTL.LABELLED_TOO_SMALL`, `DISTL.FOLD_TOO_SMALL`,
 *   `DISTL.LOSS_NOT_FINITE`, `DISTL.COLLAPSED`, `DISTL.CHECKPOINT_OTHER_RUN`, `DISTL.CHECKPOINT_MISSING`; FileError
 */
export async function train(options: TrainerOptions): Promise<TrainResult> {
  checkTrainingData(options.data, options.config, options.generations);
  const session = await TrainingSession.open(
    options.engine,
    stepConfigOf(options.config, options.network),
    options.seed,
  );
  try {
    return await new Run(options, session).toEnd();
  } finally {
    await session.dispose();
  }
}

/** A run under way. */
class Run {
  #position: RunPosition;
  readonly #emit: (event: TrainEvent) => void;

  constructor(
    private readonly options: TrainerOptions,
    private readonly session: TrainingSession,
  ) {
    const { firstStage = 0, config } = options;
    this.#position = startOf(firstStage === 0 && config.selfSupervision !== null ? -1 : firstStage);
    this.#emit = options.onEvent ?? ((): void => undefined);
  }

  async toEnd(): Promise<TrainResult> {
    const { generations, onStageEnd } = this.options;
    let resumed = await this.#begin();
    for (let stage = this.#position.stage; stage <= generations; stage++) {
      if (!resumed) await this.#enter(stage);
      resumed = false;
      await this.#trainStage(stage);
      if (stage >= 0) await onStageEnd?.(stage, this.session);
      this.#emit({ kind: 'stage-ended', stage });
    }
    const tensors = await this.session.state.read();
    return { hash: snapshotHash(JSON.stringify(this.#position), tensors), tensors };
  }

  /** @returns whether the run goes on from a checkpoint */
  async #begin(): Promise<boolean> {
    const { resume, checkpoints, start } = this.options;
    const found =
      resume === true
        ? await checkpoints?.newest((file, reason) => {
            this.#emit({ kind: 'checkpoint-damaged', file, reason });
          })
        : undefined;
    if (found !== undefined) {
      await this.session.state.write(found.tensors);
      this.#position = found.position;
      this.#emit({ kind: 'resumed', stage: found.position.stage, step: found.position.step, file: found.file });
      return true;
    }
    const values = [...start.student].map(([name, value]) => [stateName.student(name), value] as const);
    const teachers = [...start.teacher].map(([name, value]) => [stateName.teacher(name), value] as const);
    await this.session.state.write(new Map([...values, ...teachers]));
    return false;
  }

  /** Hands the networks over to a stage and starts its optimiser, centre and counters. */
  async #enter(stage: number): Promise<void> {
    const { config, firstStage = 0 } = this.options;
    const warmedUp = config.selfSupervision !== null && firstStage === 0;
    if (stage === 0 && warmedUp) await this.#copy('teacher', 'student');
    if (stage === 1 && firstStage === 0) await this.#copy('student', 'teacher');
    const first = stage < 0 || (stage <= 1 && !warmedUp);
    await this.session.reset({ centre: first || config.centreStart === 'reset' });
    this.#position = startOf(stage);
  }

  async #copy(from: 'student' | 'teacher', to: 'student' | 'teacher'): Promise<void> {
    const weights = await this.session.weights(from);
    await this.session.state.write(new Map([...weights].map(([name, value]) => [stateName[to](name), value] as const)));
  }

  /** Images of a stage. */
  #source(stage: number): ImageSource {
    const { config, data } = this.options;
    if (stage === 0) return data.labelled('supervised', stage);
    return data.unlabelled(stage < 0 ? (config.selfSupervision?.folds ?? 1) : stage);
  }

  async #trainStage(stage: number): Promise<void> {
    const { config, data, seed } = this.options;
    const source = this.#source(stage);
    const steps = new StageSteps(this.session, config);
    const withDino = config.weights.correctionDino > 0;
    const labelled = stage <= 0 ? undefined : data.labelled(withDino ? 'correction' : 'supervised', stage);
    const plan = planStage(config, stage, source.count, data.labels.length);
    this.#emit({ kind: 'stage-started', stage, images: source.count, epochs: plan.epochs, steps: plan.steps });
    try {
      for await (const batch of source.batches(batchesFrom(plan, this.#position.step, seed, config.batch))) {
        const done = await steps.step(plan, this.#position, batch);
        const { step } = this.#position;
        this.#position = done.position;
        if (labelled !== undefined && plan.corrects(step)) await this.#correct(steps, plan, step, labelled);
        this.#position = { ...this.#position, step: step + 1 };
        this.#emit(done.event);
        if ((step + 1) % plan.stepsPerEpoch === 0) await this.#endEpoch(stage, step, done.features);
        if ((step + 1) % config.checkpointEverySteps === 0 || step + 1 === plan.steps) await this.#checkpoint();
      }
    } finally {
      await source.close();
      await labelled?.close();
      await this.session.release();
    }
  }

  async #correct(steps: StageSteps, plan: StagePlan, step: number, labelled: ImageSource): Promise<void> {
    const { config, seed } = this.options;
    const { passes } = this.#position;
    const name = `correction/${plan.stage}/${config.correction.order === 'same' ? 0 : passes}`;
    const pass = passBatches({ seed, images: labelled.count, batch: config.batch, order: name, epoch: passes });
    let index = 0;
    for await (const batch of labelled.batches(pass)) {
      const done = await steps.correct(plan, this.#position, { step, index }, batch);
      this.#position = done.position;
      this.#emit({ kind: 'correction', stage: plan.stage, step, loss: done.loss });
      index += 1;
    }
    this.#position = { ...this.#position, passes: passes + 1 };
  }

  async #endEpoch(stage: number, step: number, features: ArrayLike<number> | undefined): Promise<void> {
    const { config, network } = this.options;
    const epoch = Math.floor(step / this.#position.sums.steps);
    const centre =
      stage === 0 ? null : ((await this.session.state.read([stateName.centre])).get(stateName.centre) ?? []);
    const summary = summarise(this.#position.sums, { stage, epoch }, network.model.dinoHead.outDim, centre, {
      filtered: stage > 0 && config.confidence !== null,
      ...(features === undefined ? {} : { effectiveRank: effectiveRank(features, 2 * config.batch) }),
    });
    this.#position = { ...this.#position, sums: NO_SUMS };
    this.#emit({ kind: 'epoch', ...summary });
    if (config.onCollapse === 'stop') stopOnCollapse(summary);
  }

  async #checkpoint(): Promise<void> {
    const { checkpoints } = this.options;
    if (checkpoints === undefined) return;
    const { stage, step } = this.#position;
    const file = await checkpoints.save({ position: this.#position, tensors: await this.session.state.read() });
    this.#emit({ kind: 'checkpoint', stage, step, file });
  }
}

function startOf(stage: number): RunPosition {
  return { stage, step: 0, updates: 0, lastLayerUpdates: 0, passes: 0, sums: NO_SUMS };
}

/** All batches of a stage from a step on. */
function* batchesFrom(
  plan: StagePlan,
  from: number,
  seed: number,
  batch: number,
): Generator<BatchPlan, void, undefined> {
  const first = Math.floor(from / plan.stepsPerEpoch);
  for (let epoch = first; epoch < plan.epochs; epoch++) {
    const skipped = epoch === first ? from % plan.stepsPerEpoch : 0;
    const order = `stage/${plan.stage}/${epoch}`;
    yield* passBatches({ seed, images: plan.images, batch, order, epoch }, skipped);
  }
}
