import { Tensor } from 'onnxruntime-node';
import { ComputeError } from '../../compute.errors';
import { type TensorSpec } from '../../program';
import { graphNames } from '../../trace/record';
import { checkStateValues } from '../check-state';
import { type OnnxState } from './host-state';
import { type SessionHandle } from './session-handle';

/** Loads a session that copies the named tensors, leaving the copies on the device or in host memory. */
export type CopySessionFactory = (specs: readonly TensorSpec[], to: 'device' | 'host') => Promise<SessionHandle>;

/**
 * State in device memory. The runtime's JavaScript binding has no upload or download of its own, so both are done by
 * small graphs of identities: fed from the host with outputs kept on the device, or the other way round.
 */
export class DeviceState implements OnnxState {
  private readonly current = new Map<string, { readonly tensor: Tensor; readonly owner: SessionHandle }>();

  private constructor(
    readonly specs: readonly TensorSpec[],
    private readonly copySession: CopySessionFactory,
  ) {}

  static async create(specs: readonly TensorSpec[], copySession: CopySessionFactory): Promise<DeviceState> {
    const state = new DeviceState(specs, copySession);
    await state.write(
      new Map(specs.map(({ name, shape }) => [name, new Float32Array(shape.reduce((n, length) => n * length, 1))])),
    );
    return state;
  }

  feed(name: string): Tensor {
    const slot = this.current.get(name);
    if (slot !== undefined) return slot.tensor;
    throw new ComputeError('COMPUTE.STATE_MISSING', `the state holds no tensor "${name}" (or was disposed)`);
  }

  target(): null {
    return null;
  }

  async commit(next: ReadonlyMap<string, Tensor>, owner: SessionHandle): Promise<void> {
    for (const [name, tensor] of next) {
      const former = this.current.get(name);
      this.current.set(name, { tensor, owner: owner.hold() });
      former?.tensor.dispose();
      await former?.owner.letGo();
    }
  }

  async read(names: readonly string[] = this.specs.map(({ name }) => name)): Promise<Map<string, Float32Array>> {
    const specs = this.specs.filter(({ name }) => names.includes(name));
    const copy = await this.copySession(specs, 'host');
    try {
      const outputs = await copy.session.run(Object.fromEntries(specs.map(({ name }) => [name, this.feed(name)])));
      return new Map(
        specs.map(({ name }) => [name, (outputs[graphNames.output(name)] as Tensor).data as Float32Array]),
      );
    } finally {
      await copy.letGo();
    }
  }

  async write(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    checkStateValues(this.specs, values);
    const specs = this.specs.filter(({ name }) => values.has(name));
    const copy = await this.copySession(specs, 'device');
    try {
      const feeds = specs.map(({ name, shape }) => {
        const data = values.get(name) as Float32Array;
        return [name, new Tensor('float32', data, [...shape])] as const;
      });
      const outputs = await copy.session.run(Object.fromEntries(feeds));
      await this.commit(new Map(specs.map(({ name }) => [name, outputs[graphNames.output(name)] as Tensor])), copy);
    } finally {
      await copy.letGo();
    }
  }

  async dispose(): Promise<void> {
    const slots = [...this.current.values()];
    this.current.clear();
    for (const { tensor, owner } of slots) {
      tensor.dispose();
      await owner.letGo();
    }
  }
}
