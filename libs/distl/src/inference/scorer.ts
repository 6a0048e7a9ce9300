import { type Engine, type Executable, type State } from '@fedistl/compute';
import { type Grey8, originalParameters, ViewRenderer } from '@fedistl/imaging';
import { inferenceProgram, inferenceState } from '@fedistl/vit';
import { inChannels } from '../site/channels';
import { InferenceError } from './inference.errors';
import { type OpenModel } from './open-model';
import { type Preprocessing } from './preprocessing';

export interface ScorerOptions {
  readonly engine: Engine;
  readonly model: Pick<OpenModel, 'weights'>;
  readonly preprocessing: Preprocessing;
  /** Images a run; default 16. The last batch is padded. */
  readonly batch?: number | undefined;
  /** Which logit is the finding, from 0; may be left out when the model has one. */
  readonly finding?: number | undefined;
}

/** A model on an engine, ready for images of any number. Close it. */
export class Scorer {
  readonly #options: ScorerOptions;
  readonly #finding: number;
  readonly #batch: number;
  readonly #state: State;
  readonly #program: Executable;
  readonly #renderer: ViewRenderer;

  private constructor(options: ScorerOptions, finding: number, batch: number, state: State, program: Executable) {
    this.#options = options;
    this.#finding = finding;
    this.#batch = batch;
    this.#state = state;
    this.#program = program;
    this.#renderer = new ViewRenderer(options.preprocessing.resize);
  }

  /** @throws InferenceError `INFERENCE.FINDING`, `INFERENCE.SIZE`; as `Engine.compile` */
  static async open(options: ScorerOptions): Promise<Scorer> {
    const { engine, model, preprocessing, batch = 16 } = options;
    const { config } = model.weights;
    const finding = findingOf(config.classHead.findings, options.finding);
    const state = await loadState(engine, model);
    try {
      const { size } = preprocessing;
      const program = await engine.compile(inferenceProgram(config, { batch, height: size, width: size }), state);
      return new Scorer(options, finding, batch, state, program);
    } catch (error) {
      await state.dispose();
      throw error;
    }
  }

  /**
   * Probability of the finding for each image, in order. An image may be changed once the next one is asked for. While one
   * batch is computed, the images of the next are prepared.
   *
   * @throws InferenceError `INFERENCE.NOT_FINITE`
   */
  async *score(images: AsyncIterable<Grey8>): AsyncGenerator<number, void, undefined> {
    const { size } = this.#options.preprocessing;
    const length = size * size;
    const buffer = new Float32Array(this.#batch * length);
    let filled = 0;
    let running: Promise<number[]> = Promise.resolve([]);
    for await (const image of images) {
      this.#render(image, buffer.subarray(filled * length, (filled + 1) * length));
      filled += 1;
      if (filled < this.#batch) continue;
      yield* await running;
      // Copies the buffer before it first waits.
      running = this.#run(buffer, filled);
      // A failure is raised when its turn comes; until then it is not unhandled.
      running.catch(() => undefined);
      filled = 0;
    }
    yield* await running;
    if (filled > 0) yield* await this.#run(buffer, filled);
  }

  async dispose(): Promise<void> {
    await this.#program.dispose();
    await this.#state.dispose();
  }

  #render(image: Grey8, out: Float32Array): void {
    const { size, blurRadius } = this.#options.preprocessing;
    renderInput(this.#renderer, image, { size, blurRadius }, out);
  }

  async #run(grey: Float32Array, images: number): Promise<number[]> {
    const { config } = this.#options.model.weights;
    // What lies behind a short last batch is of the batch before: computed and left out.
    const input = inChannels(grey, this.#options.preprocessing.size, config.inChannels);
    const logits = (await this.#program.run({ images: input })).get('logits')?.data ?? new Float32Array();
    return Array.from({ length: images }, (_, i) => probability(logits[i * config.classHead.findings + this.#finding]));
  }
}

/** The untouched view of an image as the network gets it, level / 255. @param out [size, size] */
export function renderInput(
  renderer: ViewRenderer,
  image: Grey8,
  { size, blurRadius }: Pick<Preprocessing, 'size' | 'blurRadius'>,
  out: Float32Array,
): void {
  renderer.setImage(image);
  const blur = blurRadius > 0 ? blurRadius : null;
  renderer.renderFloats({ ...originalParameters(image.width, image.height), blurRadius: blur }, size, out);
}

/** The sigmoid of a logit. @throws InferenceError `INFERENCE.NOT_FINITE` */
export function probability(logit: number | undefined): number {
  if (logit === undefined || !Number.isFinite(logit)) {
    throw new InferenceError('INFERENCE.NOT_FINITE', `expected a finite logit from the model, got ${String(logit)}`);
  }
  return 1 / (1 + Math.exp(-logit));
}

/** @throws InferenceError `INFERENCE.FINDING` */
export function findingOf(findings: number, asked: number | undefined): number {
  if (asked === undefined && findings === 1) return 0;
  if (asked !== undefined && Number.isInteger(asked) && asked >= 0 && asked < findings) return asked;
  throw new InferenceError(
    'INFERENCE.FINDING',
    asked === undefined
      ? `the model tells ${findings} findings: say which one, from 0, the data set's positive class is`
      : `expected a finding from 0 to ${findings - 1}, got ${asked}`,
    { details: { findings } },
  );
}

/** The model's weights as state of the engine. */
export async function loadState(engine: Engine, { weights }: Pick<OpenModel, 'weights'>): Promise<State> {
  const specs = inferenceState(weights.config);
  const state = await engine.createState(specs);
  await state.write(new Map(specs.map(({ name }) => [name, weights.values.get(name) ?? new Float32Array()])));
  return state;
}
