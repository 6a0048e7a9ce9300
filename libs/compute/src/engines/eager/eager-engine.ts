import { checkInputs } from '../../check-inputs';
import { ComputeError } from '../../compute.errors';
import {
  type Engine,
  type EngineName,
  type Executable,
  type HostArray,
  type HostTensor,
  NamedTensors,
  type Program,
  type State,
  type TensorSpec,
} from '../../program';
import { tf } from '../../tf';
import { EagerState } from './eager-state';

/** Runs programs operation by operation on a TensorFlow.js backend. */
export class EagerEngine implements Engine {
  /**
   * @param name the engine's name
   * @param provider the TensorFlow.js backend, registered and initialised
   */
  constructor(
    readonly name: EngineName,
    readonly provider: string,
  ) {}

  createState(specs: readonly TensorSpec[]): Promise<State> {
    return Promise.resolve(onBackend(this.provider, () => new EagerState(this.provider, specs)));
  }

  compile(program: Program, state?: State): Promise<Executable> {
    if (state !== undefined && !(state instanceof EagerState && state.provider === this.provider)) {
      throw new ComputeError(
        'COMPUTE.PROGRAM_INVALID',
        `program ${program.name}: the state was made by another engine`,
      );
    }
    return Promise.resolve(new EagerExecutable(this.provider, program, state));
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

class EagerExecutable implements Executable {
  readonly compileMs = 0;
  private disposed = false;

  constructor(
    private readonly backend: string,
    private readonly definition: Program,
    private readonly state: EagerState | undefined,
  ) {}

  get program(): string {
    return this.definition.name;
  }

  async run(inputs: Readonly<Record<string, HostArray>>): Promise<ReadonlyMap<string, HostTensor>> {
    if (this.disposed) throw new ComputeError('COMPUTE.DISPOSED', `program ${this.program} was disposed`);
    checkInputs(this.definition, inputs);
    const outputs = onBackend(this.backend, () => this.step(inputs));
    const results = new Map<string, HostTensor>();
    for (const [name, tensor] of outputs) {
      results.set(name, { shape: tensor.shape, data: (await tensor.data()) as HostArray });
      tensor.dispose();
    }
    return results;
  }

  dispose(): Promise<void> {
    this.disposed = true;
    return Promise.resolve();
  }

  private step(inputs: Readonly<Record<string, HostArray>>): Map<string, tf.Tensor> {
    tf.engine().startScope(this.program);
    try {
      const fed = this.definition.inputs.map(({ name, shape, dtype = 'float32' }) => {
        return [name, tf.tensor(inputs[name] as HostArray, [...shape], dtype)] as const;
      });
      const bound = (this.definition.state ?? []).map((name) => [name, this.stateTensor(name)] as const);
      const { outputs, state } = this.definition.body(new NamedTensors(new Map(fed)), new NamedTensors(new Map(bound)));
      if (state !== undefined) this.boundState().replace(state);
      return new Map(Object.entries(outputs).map(([name, tensor]) => [name, tf.keep(tf.clone(tensor))]));
    } finally {
      tf.engine().endScope();
    }
  }

  private stateTensor(name: string): tf.Tensor {
    return this.boundState().tensor(name);
  }

  private boundState(): EagerState {
    if (this.state !== undefined) return this.state;
    throw new ComputeError('COMPUTE.STATE_MISSING', `program ${this.program} uses state, but was compiled without one`);
  }
}

/** Runs `body` with the backend active, and puts the former one back. */
export function onBackend<T>(backend: string, body: () => T): T {
  const previous = tf.getBackend();
  void tf.engine().setBackend(backend);
  try {
    return body();
  } finally {
    if (previous && previous !== backend) void tf.engine().setBackend(previous);
  }
}
