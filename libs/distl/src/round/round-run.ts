import { type CheckpointStore } from '../checkpoint/checkpoint-store';
import { type RunPosition } from '../checkpoint/run-position';
import { NO_SUMS } from '../monitor/epoch-summary';
import { passBatches } from '../trainer/stage-plan';
import { StageSteps } from '../trainer/stage-steps';
import { type BatchPlan, type ImageSource, type TrainingBatch } from '../trainer/training-data';
import { type TrainingSession } from '../trainer/training-session';
import { type ProximalStep } from './proximal-step';
import { type RoundCourse } from './round-course';
import { RoundError } from './round.errors';

/** What a round is trained on: views of the images; null where there is no whole batch of them. */
export interface RoundSources {
  /** Labelled images of generation 0, unlabelled ones later. */
  readonly main: ImageSource | null;
  /** Labelled images, for corrections. */
  readonly correction: ImageSource | null;
}

/** How far a round has come. */
export interface RoundProgress {
  /** Steps of this round that are done, of `steps`. */
  readonly step: number;
  readonly steps: number;
  /** Of the last step; null before the first, and at a site without images to label. */
  readonly loss: number | null;
  /** Since this process began, null before it has trained. */
  readonly imagesPerSecond: number | null;
  readonly etaSeconds: number | null;
}

export interface RoundRunOptions {
  readonly session: TrainingSession;
  readonly course: RoundCourse;
  readonly sources: RoundSources;
  readonly seed: number;
  readonly proximal: ProximalStep | undefined;
  readonly checkpoints: CheckpointStore;
  readonly onStep: (step: number, loss: number | null, images: number) => void;
  readonly signal: AbortSignal | undefined;
  /** Awaited between steps. */
  readonly rest: (() => Promise<void>) | undefined;
}

/** Steps of a round at a site. Everything drawn at random is named by seed and position, so that it can be resumed anywhere. */
export class RoundRun {
  #position: RunPosition;
  readonly #steps: StageSteps;

  constructor(
    private readonly options: RoundRunOptions,
    found: RunPosition | undefined,
  ) {
    const { session, course } = options;
    const start = { stage: course.stage.stage, updates: 0, lastLayerUpdates: 0, passes: 0, sums: NO_SUMS };
    this.#position = found ?? { ...start, step: course.first };
    this.#steps = new StageSteps(session, course.config);
  }

  get position(): RunPosition {
    return this.#position;
  }

  /** @throws RoundError `ROUND.STOPPED`; DistlError `DISTL.LOSS_NOT_FINITE`; FileError */
  async toEnd(): Promise<RunPosition> {
    const { sources, course } = this.options;
    const { main } = sources;
    if (main === null) {
      while (this.#position.step < course.end) await this.#stepOver(undefined);
    } else {
      for await (const batch of main.batches(this.#mainBatches(main.count))) await this.#stepOver(batch);
    }
    return this.#position;
  }

  /** The batches that are left: pass after pass over the images, each in an order of its own. */
  *#mainBatches(images: number): Generator<BatchPlan, void, undefined> {
    const { course, seed } = this.options;
    const { batch } = course.config;
    // Fewer images than a batch make one by repetition.
    const perPass = Math.max(1, Math.floor(images / batch));
    for (let done = this.#position.step - course.first, left = course.end - this.#position.step; left > 0;) {
      const pass = Math.floor(done / perPass);
      const order = `stage/${course.stage.stage}/${pass}`;
      for (const plan of passBatches({ seed, images, batch, order, epoch: pass }, done % perPass)) {
        if (left === 0) return;
        yield plan;
        done++;
        left--;
      }
    }
  }

  /** One step of the generation's counter: the step itself, where there are images for it, and the correction that is due. */
  async #stepOver(batch: TrainingBatch | undefined): Promise<void> {
    const { course, onStep, proximal } = this.options;
    const { stage, config } = course;
    const { step } = this.#position;
    let loss: number | null = null;
    let batches = 0;
    if (batch !== undefined) {
      const done = await this.#steps.step(stage, this.#position, batch);
      this.#position = done.position;
      loss = done.event.kind === 'step' ? done.event.loss : null;
      batches += 1;
      await proximal?.run(stage.learningRate(step));
    }
    if (stage.corrects(step)) batches += await this.#correct();
    this.#position = { ...this.#position, step: step + 1 };
    onStep(step + 1 - course.first, loss, batches * config.batch);
    const isEnd = step + 1 === course.end;
    const isStopped = this.options.signal?.aborted === true;
    if (isEnd || isStopped || (step + 1) % config.checkpointEverySteps === 0) await this.#checkpoint();
    if (isStopped && !isEnd) {
      throw new RoundError(
        'ROUND.STOPPED',
        `training was stopped at step ${step + 1 - course.first}; it goes on from there`,
      );
    }
    if (!isEnd) await this.options.rest?.();
  }

  /** A pass over the labelled images. @returns its batches */
  async #correct(): Promise<number> {
    const { course, seed, sources, proximal } = this.options;
    const { stage, config } = course;
    const labelled = sources.correction;
    if (labelled === null) return 0;
    const { passes, step } = this.#position;
    const order = `correction/${stage.stage}/${config.correction.order === 'same' ? 0 : passes}`;
    const plans = passBatches({ seed, images: labelled.count, batch: config.batch, order, epoch: passes });
    let index = 0;
    for await (const batch of labelled.batches(plans)) {
      const done = await this.#steps.correct(stage, this.#position, { step, index }, batch);
      this.#position = done.position;
      index += 1;
      await proximal?.run(stage.learningRate(step));
    }
    this.#position = { ...this.#position, passes: passes + 1 };
    return index;
  }

  async #checkpoint(): Promise<void> {
    const { checkpoints, session } = this.options;
    await checkpoints.save({ position: this.#position, tensors: await session.state.read() });
  }
}
