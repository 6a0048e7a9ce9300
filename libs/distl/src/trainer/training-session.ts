import { type Engine, type Executable, type HostArray, type HostTensor, type State } from '@fedistl/compute';
import { createRng } from '@fedistl/core';
import { drawKeepMask, type ParameterSpec, vitParameters } from '@fedistl/vit';
import { distlStep } from '../step/distl-step';
import { stateName, trainingState } from '../step/state-names';
import { type StepConfig } from '../step/step-config';
import { INPUT } from '../step/step-inputs';
import { AUGMENTED_VIEW, supervisedStep } from '../step/supervised-step';
import { type TrainingBatch } from './training-data';

export type StepKind = 'supervised' | 'unlabelled' | 'correction';

/** The numbers that steer one step. */
export interface StepControls {
  /** DINO, pseudo-label, supervised. */
  readonly lossWeights: readonly [number, number, number];
  readonly optimiser: Float32Array;
  readonly lastLayerOptimiser: Float32Array;
  /** m of the teacher's EMA; unlabelled steps only. */
  readonly momentum?: number;
  /** Thresholds of the positive and the negative class; unlabelled steps of a filtered run only. */
  readonly confidence?: readonly [number, number];
  /** Names the random stream of the step's stochastic depth. */
  readonly randomness: string;
}

/** State of a run on an engine, with its programs, each compiled when it is first run. */
export class TrainingSession {
  readonly parameters: readonly ParameterSpec[];
  readonly #programs = new Map<StepKind, Executable>();

  private constructor(
    readonly config: StepConfig,
    readonly state: State,
    private readonly engine: Engine,
    private readonly seed: number,
  ) {
    this.parameters = vitParameters(config.model);
  }

  static async open(engine: Engine, config: StepConfig, seed: number): Promise<TrainingSession> {
    const specs = trainingState(vitParameters(config.model), config.model.dinoHead.outDim);
    return new TrainingSession(config, await engine.createState(specs), engine, seed);
  }

  /** Runs one step. @returns the program's outputs, see `distlStep` and `supervisedStep` */
  async run(
    kind: StepKind,
    batch: TrainingBatch,
    controls: StepControls,
  ): Promise<(name: string) => HostTensor['data'] | undefined> {
    const program = await this.#program(kind);
    const outputs = await program.run({
      ...this.#views(kind, batch),
      ...this.#masks(kind, controls.randomness),
      ...(kind === 'unlabelled' ? {} : { [INPUT.labels]: batch.labels ?? new Float32Array() }),
      [INPUT.lossWeights]: Float32Array.from(controls.lossWeights),
      [INPUT.optimiser]: controls.optimiser,
      ...(kind === 'supervised' ? {} : { [INPUT.lastLayerOptimiser]: controls.lastLayerOptimiser }),
      ...(controls.momentum === undefined
        ? {}
        : { [INPUT.teacherMomentum]: Float32Array.of(controls.momentum, 1 - controls.momentum) }),
      ...(controls.confidence === undefined ? {} : { [INPUT.confidence]: Float32Array.from(controls.confidence) }),
    });
    return (name) => outputs.get(name)?.data;
  }

  /** Weights of one network by checkpoint name. */
  async weights(role: 'student' | 'teacher'): Promise<Map<string, Float32Array>> {
    const values = await this.state.read(this.parameters.map(({ name }) => stateName[role](name)));
    return new Map(this.parameters.map(({ name }) => [name, values.get(stateName[role](name)) ?? new Float32Array()]));
  }

  /** Sets moments to zero; with `centre` the DINO centre too. */
  async reset({ centre }: { readonly centre: boolean }): Promise<void> {
    const fresh = this.state.specs.filter(
      ({ name }) => name.startsWith('m.') || name.startsWith('v.') || (centre && name === stateName.centre),
    );
    const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);
    await this.state.write(new Map(fresh.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))])));
  }

  async dispose(): Promise<void> {
    await this.release();
    await this.state.dispose();
  }

  /** Frees the programs; the next step compiles its own anew. */
  async release(): Promise<void> {
    for (const program of this.#programs.values()) await program.dispose();
    this.#programs.clear();
  }

  async #program(kind: StepKind): Promise<Executable> {
    const known = this.#programs.get(kind);
    if (known !== undefined) return known;
    const program = kind === 'supervised' ? supervisedStep(this.config) : distlStep(this.config, kind === 'correction');
    const executable = await this.engine.compile(program, this.state);
    this.#programs.set(kind, executable);
    return executable;
  }

  #views(kind: StepKind, { globals, locals }: TrainingBatch): Record<string, HostArray> {
    if (kind === 'supervised') return { [AUGMENTED_VIEW]: globals.subarray(globals.length / 2) };
    return { [INPUT.globalViews]: globals, ...(this.config.localViews > 0 ? { [INPUT.localViews]: locals } : {}) };
  }

  #masks(kind: StepKind, randomness: string): Record<string, HostArray> {
    const { model, batch, localViews } = this.config;
    if (model.dropPathRate === 0) return {};
    const rng = createRng(this.seed).stream(`train/depth/${randomness}`);
    const rows = kind === 'supervised' ? batch : 2 * batch;
    return {
      [INPUT.globalKeepMask]: drawKeepMask(model, rows, rng.stream('global')),
      ...(kind === 'supervised' || localViews === 0
        ? {}
        : { [INPUT.localKeepMask]: drawKeepMask(model, localViews * batch, rng.stream('local')) }),
    };
  }
}
