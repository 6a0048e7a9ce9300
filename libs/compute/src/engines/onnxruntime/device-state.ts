import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { ComputeError } from '../../compute.errors';
import { type TensorSpec } from '../../program';
import { graphNames } from '../../trace/record';
import { checkStateValues } from '../check-state';
import { type OnnxState } from './host-state';

/** Loads a session that copies the named tensors, leaving the copies on the device or in host memory. */
export type CopySessionFactory = (specs: readonly TensorSpec[], to: 'device' | 'host') => Promise<InferenceSession>;

/**
 * State in device memory. The runtime's JavaScript binding has no upload or download of its own, so both are done by
 * small graphs of identities: fed from the host with outputs kept on the device, or the other way round.
 */
export class DeviceState implements OnnxState {
  private readonly current = new Map<string, Tensor>();

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
    const tensor = this.current.get(name);
    if (tensor !== undefined) return tensor;
    throw new ComputeError('COMPUTE.STATE_MISSING', `the state holds no tensor "${name}" (or was disposed)`);
  }

  target(): null {
    return null;
  }

  commit(next: ReadonlyMap<string, Tensor>): void {
    for (const [name, tensor] of next) {
      this.current.get(name)?.dispose();
      this.current.set(name, tensor);
    }
  }

  async read(names: readonly string[] = this.specs.map(({ name }) => name)): Promise<Map<string, Float32Array>> {
    const specs = this.specs.filter(({ name }) => names.includes(name));
    const session = await this.copySession(specs, 'host');
    try {
      const outputs = await session.run(Object.fromEntries(specs.map(({ name }) => [name, this.feed(name)])));
      return new Map(
        specs.map(({ name }) => [name, (outputs[graphNames.output(name)] as Tensor).data as Float32Array]),
      );
    } finally {
      await session.release();
    }
  }

  async write(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    checkStateValues(this.specs, values);
    const specs = this.specs.filter(({ name }) => values.has(name));
    const session = await this.copySession(specs, 'device');
    try {
      const feeds = specs.map(({ name, shape }) => {
        const data = values.get(name) as Float32Array;
        return [name, new Tensor('float32', data, [...shape])] as const;
      });
      const outputs = await session.run(Object.fromEntries(feeds));
      this.commit(new Map(specs.map(({ name }) => [name, outputs[graphNames.output(name)] as Tensor])));
    } finally {
      await session.release();
    }
  }

  dispose(): void {
    for (const tensor of this.current.values()) tensor.dispose();
    this.current.clear();
  }
}
