import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { checkInputs } from '../../check-inputs';
import { ComputeError } from '../../compute.errors';
import { type Executable, type HostArray, type HostTensor, type Program } from '../../program';
import { graphNames, type Recording, ZERO_INPUT } from '../../trace/record';
import { type OnnxState } from './host-state';
import { type SessionHandle } from './session-handle';

const ZERO = new Tensor('float32', new Float32Array(1), [1]);

/** A compiled graph and the state that it reads and writes. */
export class OnnxExecutable implements Executable {
  private handle: SessionHandle | undefined;
  private running = false;

  constructor(
    private readonly definition: Program,
    private readonly recording: Recording,
    handle: SessionHandle,
    private readonly state: OnnxState | undefined,
    readonly compileMs: number,
  ) {
    this.handle = handle;
  }

  get program(): string {
    return this.definition.name;
  }

  async run(inputs: Readonly<Record<string, HostArray>>): Promise<ReadonlyMap<string, HostTensor>> {
    const handle = this.ready();
    const { session } = handle;
    checkInputs(this.definition, inputs);
    this.running = true;
    try {
      const results = await session.run(this.feeds(session, inputs), this.fetches());
      const next = this.recording.nextState.map(
        ({ name }) => [name, results[graphNames.next(name)] as Tensor] as const,
      );
      await this.state?.commit(new Map(next), handle);
      return new Map(
        this.recording.outputs.map(({ name }) => {
          const tensor = results[graphNames.output(name)] as Tensor;
          return [name, { shape: tensor.dims, data: tensor.data as HostArray }];
        }),
      );
    } catch (cause) {
      throw new ComputeError(
        'COMPUTE.ENGINE_FAILED',
        `onnxruntime failed while running ${this.program}: ${reason(cause)}`,
        {
          cause,
        },
      );
    } finally {
      this.running = false;
    }
  }

  /** Ends the runtime's profile, which is written when the session closes. */
  endProfiling(): void {
    this.ready().session.endProfiling();
  }

  async dispose(): Promise<void> {
    const handle = this.handle;
    this.handle = undefined;
    await handle?.letGo();
  }

  private ready(): SessionHandle {
    if (this.handle === undefined) {
      throw new ComputeError('COMPUTE.DISPOSED', `program ${this.program} was disposed`);
    }
    if (this.running) {
      throw new ComputeError(
        'COMPUTE.BUSY',
        `program ${this.program} is running; wait for the run before starting the next`,
      );
    }
    return this.handle;
  }

  private feeds(session: InferenceSession, inputs: Readonly<Record<string, HostArray>>): Record<string, Tensor> {
    const wanted = new Set(session.inputNames);
    const feeds: Record<string, Tensor> = {};
    if (wanted.has(ZERO_INPUT)) feeds[ZERO_INPUT] = ZERO;
    for (const { name, shape, dtype = 'float32' } of this.definition.inputs) {
      feeds[name] = new Tensor(dtype, inputs[name] as Float32Array & Int32Array, [...shape]);
    }
    for (const name of this.definition.state ?? []) {
      const key = graphNames.state(name);
      if (this.state !== undefined && wanted.has(key)) feeds[key] = this.state.feed(name);
    }
    return feeds;
  }

  private fetches(): Record<string, Tensor | null> {
    const fetches: Record<string, Tensor | null> = {};
    for (const { name } of this.recording.outputs) fetches[graphNames.output(name)] = null;
    for (const { name } of this.recording.nextState) fetches[graphNames.next(name)] = this.state?.target(name) ?? null;
    return fetches;
  }
}

export function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
