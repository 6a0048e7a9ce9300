import { ComputeError } from '../compute.errors';
import { tf } from '../tf';
import { type Graph } from './graph';
import { type TraceDtype, type TraceTensorInfo, type TraceValue } from './value';

export const TRACE_BACKEND = 'fedistl-trace';

/**
 * A TensorFlow.js backend that computes nothing: its kernels write down what would be computed. TensorFlow.js' own
 * automatic differentiation runs on top of it unchanged, so one recording holds the forward and the backward pass.
 */
export class TraceBackend extends tf.KernelBackend {
  private current: Graph | undefined;
  /** Tensors that share one value, so that TensorFlow.js' own count of buffers stays right. One where absent. */
  private readonly references = new WeakMap<tf.DataId, number>();

  /** The graph being recorded. Kernels call this; outside a recording there is none, which is an error of the caller. */
  get graph(): Graph {
    if (this.current === undefined) {
      throw new ComputeError('COMPUTE.PROGRAM_INVALID', 'a traced tensor was used outside the program that made it');
    }
    return this.current;
  }

  record<T>(graph: Graph, body: () => T): T {
    if (this.current !== undefined) {
      throw new ComputeError('COMPUTE.PROGRAM_INVALID', 'a program was compiled inside another program');
    }
    this.current = graph;
    try {
      return body();
    } finally {
      this.current = undefined;
    }
  }

  /** Numbers that JavaScript hands to TensorFlow.js while a program runs become constants of the graph. */
  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): TraceValue {
    const traced = traceDtype(dtype);
    const data =
      traced === 'float32'
        ? Float32Array.from(values as ArrayLike<number>)
        : traced === 'int32'
          ? Int32Array.from(values as ArrayLike<number>)
          : Uint8Array.from(values as ArrayLike<number>);
    return this.graph.constant(data, [...shape], traced);
  }

  override move(dataId: tf.DataId, values: tf.BackendValues, shape: number[], dtype: tf.DataType): void {
    Object.assign(dataId, this.write(values, shape, dtype));
  }

  override readSync(dataId: tf.DataId): never {
    throw unreadable(this.graph, dataId as TraceValue);
  }

  override read(dataId: tf.DataId): Promise<never> {
    return Promise.reject(unreadable(this.graph, dataId as TraceValue));
  }

  /** A handle for TensorFlow.js on a value of the graph. */
  tensor(value: TraceValue): tf.Tensor {
    const info: TraceTensorInfo = { dataId: value, shape: [...value.shape], dtype: value.dtype as tf.DataType };
    return tf.engine().makeTensorFromTensorInfo(info, this);
  }

  override numDataIds(): number {
    return 0;
  }
  override floatPrecision(): 32 {
    return 32;
  }
  override epsilon(): number {
    return 1e-7;
  }
  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }
  override disposeData(dataId: tf.DataId): boolean {
    const left = this.refCount(dataId) - 1;
    this.references.set(dataId, left);
    return left <= 0;
  }
  override incRef(dataId: tf.DataId): void {
    this.references.set(dataId, this.refCount(dataId) + 1);
  }
  override refCount(dataId: tf.DataId): number {
    return this.references.get(dataId) ?? 1;
  }
  override dispose(): void {
    this.current = undefined;
  }
}

export function traceDtype(dtype: tf.DataType): Exclude<TraceDtype, 'int64'> {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new ComputeError(
    'COMPUTE.UNSUPPORTED_ATTRIBUTE',
    `a traced program holds float32, int32 or bool, got ${dtype}`,
  );
}

function unreadable(graph: Graph, value: TraceValue): ComputeError {
  const producer = graph.producerOf(value);
  const what = producer === undefined ? `input or constant "${value.name}"` : `result of ${producer.operator}`;
  return new ComputeError(
    'COMPUTE.UNTRACEABLE_READ',
    `the program reads the numbers of a traced tensor (${what}, shape [${value.shape.join(', ')}]) while it is recorded; ` +
      'they exist only when the compiled program runs. Return the tensor as an output, or hand the decision in as an input',
    { details: { operator: producer?.operator ?? null, shape: value.shape } },
  );
}

export const traceBackend = new TraceBackend();
tf.registerBackend(TRACE_BACKEND, () => traceBackend, 0);
