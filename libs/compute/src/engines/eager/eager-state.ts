import { ComputeError } from '../../compute.errors';
import { type State, type TensorSpec } from '../../program';
import { tf } from '../../tf';
import { sameShape } from '../../trace/value';
import { checkStateValues } from '../check-state';

/** State as kept TensorFlow.js tensors. */
export class EagerState implements State {
  private readonly tensors: Map<string, tf.Tensor>;

  constructor(
    readonly provider: string,
    readonly specs: readonly TensorSpec[],
  ) {
    this.tensors = new Map(specs.map(({ name, shape }) => [name, tf.keep(tf.zeros([...shape]))]));
  }

  tensor(name: string): tf.Tensor {
    const tensor = this.tensors.get(name);
    if (tensor !== undefined) return tensor;
    throw new ComputeError('COMPUTE.STATE_MISSING', `the state holds no tensor "${name}" (or was disposed)`);
  }

  /** Takes over next values; all are checked before any is taken. */
  replace(next: ReadonlyMap<string, tf.Tensor>): void {
    for (const [name, value] of next) {
      const { shape } = this.tensor(name);
      if (!sameShape(shape, value.shape)) {
        throw new ComputeError(
          'COMPUTE.STATE_SHAPE',
          `next value of state "${name}" must have shape [${shape.join(', ')}], got [${value.shape.join(', ')}]`,
        );
      }
    }
    for (const [name, value] of next) {
      const former = this.tensor(name);
      this.tensors.set(name, tf.keep(tf.clone(value)));
      former.dispose();
    }
  }

  async read(names: readonly string[] = this.specs.map(({ name }) => name)): Promise<Map<string, Float32Array>> {
    const values = new Map<string, Float32Array>();
    for (const name of names) values.set(name, ((await this.tensor(name).data()) as Float32Array).slice());
    return values;
  }

  write(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    checkStateValues(this.specs, values);
    const previous = tf.getBackend();
    void tf.engine().setBackend(this.provider);
    try {
      for (const [name, data] of values) {
        const former = this.tensor(name);
        this.tensors.set(name, tf.keep(tf.tensor(data.slice(), former.shape, 'float32')));
        former.dispose();
      }
    } finally {
      if (previous) void tf.engine().setBackend(previous);
    }
    return Promise.resolve();
  }

  dispose(): Promise<void> {
    for (const tensor of this.tensors.values()) tensor.dispose();
    this.tensors.clear();
    return Promise.resolve();
  }
}
