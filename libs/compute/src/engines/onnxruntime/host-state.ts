import { Tensor } from 'onnxruntime-node';
import { ComputeError } from '../../compute.errors';
import { type State, type TensorSpec } from '../../program';
import { checkStateValues } from '../check-state';
import { type SessionHandle } from './session-handle';

/** What the onnxruntime engine asks of a state: tensors to feed, places to write to, and the swap after a run. */
export interface OnnxState extends State {
  feed(name: string): Tensor;
  /** Where the next value goes; `null` lets the runtime allocate it. */
  target(name: string): Tensor | null;
  /**
   * Called after a run that succeeded: the next values become the current ones.
   *
   * @param owner the session that made them
   */
  commit(next: ReadonlyMap<string, Tensor>, owner: SessionHandle): Promise<void>;
}

interface Slot {
  readonly spec: TensorSpec;
  current: Tensor;
  /** The buffer that the next run writes into; made when the tensor is first written. */
  spare: Tensor | undefined;
}

/**
 * State in the process' own memory. The runtime reads and writes these buffers directly; two buffers for each written
 * tensor change places after every run, so that nothing is copied and a failed run leaves the state as it was.
 */
export class HostState implements OnnxState {
  private readonly slots: Map<string, Slot>;

  constructor(readonly specs: readonly TensorSpec[]) {
    this.slots = new Map(specs.map((spec) => [spec.name, { spec, current: zeros(spec), spare: undefined }]));
  }

  feed(name: string): Tensor {
    return this.slot(name).current;
  }

  target(name: string): Tensor {
    const slot = this.slot(name);
    slot.spare ??= zeros(slot.spec);
    return slot.spare;
  }

  commit(next: ReadonlyMap<string, Tensor>): Promise<void> {
    for (const name of next.keys()) {
      const slot = this.slot(name);
      const written = this.target(name);
      slot.spare = slot.current;
      slot.current = written;
    }
    return Promise.resolve();
  }

  read(names: readonly string[] = this.specs.map(({ name }) => name)): Promise<Map<string, Float32Array>> {
    return Promise.resolve(new Map(names.map((name) => [name, (this.feed(name).data as Float32Array).slice()])));
  }

  write(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    checkStateValues(this.specs, values);
    for (const [name, data] of values) (this.feed(name).data as Float32Array).set(data);
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    this.slots.clear();
    return Promise.resolve();
  }

  private slot(name: string): Slot {
    const slot = this.slots.get(name);
    if (slot !== undefined) return slot;
    throw new ComputeError('COMPUTE.STATE_MISSING', `the state holds no tensor "${name}" (or was disposed)`);
  }
}

function zeros({ shape }: TensorSpec): Tensor {
  return new Tensor('float32', new Float32Array(shape.reduce((product, length) => product * length, 1)), [...shape]);
}
