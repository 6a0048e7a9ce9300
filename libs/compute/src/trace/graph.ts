import { type TraceData, type TraceDtype, type TraceValue } from './value';

export type AttributeValue = number | string | readonly number[] | { readonly float: number };

export interface GraphNode {
  readonly operator: string;
  /** ONNX operator set: '' for the standard one, 'com.microsoft' for the runtime's own. */
  readonly domain: string;
  readonly inputs: readonly TraceValue[];
  readonly outputs: readonly TraceValue[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export interface NodeOptions {
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

/** The nodes and constants recorded so far, in the order of computation. */
export class Graph {
  readonly nodes: GraphNode[] = [];
  private readonly constants = new Map<string, TraceValue>();
  private readonly producers = new Map<string, GraphNode>();
  private counter = 0;

  /** A value that the caller feeds. */
  input(name: string, shape: readonly number[], dtype: TraceDtype): TraceValue {
    return { name, shape, dtype };
  }

  constant(data: TraceData, shape: readonly number[], dtype: TraceDtype): TraceValue {
    if (data.length === 1 && !(data instanceof BigInt64Array)) return this.splat(Number(data[0]), shape, dtype);
    return { name: this.nextName('c'), shape, dtype, data };
  }

  /** A constant whose elements are all `value`; no memory is spent on it until a node needs it in full. */
  splat(value: number, shape: readonly number[], dtype: TraceDtype): TraceValue {
    return { name: this.nextName('c'), shape, dtype, splat: dtype === 'float32' ? Math.fround(value) : value };
  }

  /** A list of integers (axes, shapes); equal lists share one constant. */
  integers(list: readonly number[]): TraceValue {
    const key = list.join(',');
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const value: TraceValue = {
      name: this.nextName('i'),
      shape: [list.length],
      dtype: 'int64',
      data: BigInt64Array.from(list, BigInt),
    };
    this.constants.set(key, value);
    return value;
  }

  /** Adds a node with one output. */
  node(
    operator: string,
    inputs: readonly TraceValue[],
    shape: readonly number[],
    dtype: TraceDtype,
    options: NodeOptions = {},
  ): TraceValue {
    return this.nodeWithOutputs(operator, inputs, [{ shape, dtype }], options)[0] as TraceValue;
  }

  nodeWithOutputs(
    operator: string,
    inputs: readonly TraceValue[],
    outputs: readonly { readonly shape: readonly number[]; readonly dtype: TraceDtype }[],
    { domain = '', attributes = {} }: NodeOptions = {},
  ): TraceValue[] {
    const values = outputs.map(({ shape, dtype }) => ({ name: this.nextName('t'), shape, dtype }));
    const node = { operator, domain, inputs, outputs: values, attributes };
    this.nodes.push(node);
    for (const value of values) this.producers.set(value.name, node);
    return values;
  }

  /** The node that computes `value`, if one does. */
  producerOf(value: TraceValue): GraphNode | undefined {
    return this.producers.get(value.name);
  }

  /** `value` broadcast to `shape`, remembering what it was. */
  expand(value: TraceValue, shape: readonly number[]): TraceValue {
    if (value.splat !== undefined) return this.splat(value.splat, shape, value.dtype);
    const expanded = this.node('Expand', [value, this.integers(shape)], shape, value.dtype);
    return Object.assign(expanded, { source: value.source ?? value });
  }

  reshape(value: TraceValue, shape: readonly number[]): TraceValue {
    if (value.splat !== undefined) return this.splat(value.splat, shape, value.dtype);
    if (value.data !== undefined) return { ...value, name: this.nextName('c'), shape };
    const producer = this.producerOf(value);
    // A reshape of a reshape is one reshape.
    const origin = producer?.operator === 'Reshape' ? (producer.inputs[0] as TraceValue) : value;
    if (origin.shape.length === shape.length && origin.shape.every((length, axis) => length === shape[axis])) {
      return origin;
    }
    return this.node('Reshape', [origin, this.integers(shape)], shape, value.dtype);
  }

  private nextName(prefix: string): string {
    this.counter += 1;
    return `${prefix}${this.counter}`;
  }
}
