import { type AttributeValue, type GraphNode } from '../trace/graph';
import { graphNames, type Recording, ZERO_INPUT } from '../trace/record';
import { sizeOf, type TraceValue } from '../trace/value';
import { fuse } from './fuse';
import { ATTRIBUTE_TYPE, DATA_TYPE, modelType } from './schema';

/** Standard operators, and the runtime's own that fuse transposes and factors into a matrix product. */
const OPERATOR_SETS = [
  { domain: '', version: 18 },
  { domain: 'com.microsoft', version: 1 },
];

export interface EncodeOptions {
  /** Numbers of state tensors to write into the file, which makes it stand alone; otherwise they are inputs. */
  readonly state?: ReadonlyMap<string, Float32Array>;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Return outputs under their own names, as users of a file expect, instead of names that cannot clash. */
  readonly plainOutputNames?: boolean;
}

export interface EncodedModel {
  /** An ONNX file. */
  readonly bytes: Uint8Array;
  readonly inputNames: readonly string[];
  readonly nodeCount: number;
}

/** Writes a recording as ONNX, without the nodes and constants that no output depends on. */
export function encodeOnnx(recording: Recording, options: EncodeOptions = {}): EncodedModel {
  const outputs = [
    ...recording.outputs.map(({ name, value }) => ({
      name: options.plainOutputNames === true ? name : graphNames.output(name),
      value,
    })),
    ...recording.nextState.map(({ name, value }) => ({ name: graphNames.next(name), value })),
  ];
  const live = reachable(recording.graph.nodes, outputs);
  const fused = fuse(
    live.nodes,
    outputs.map(({ value }) => value),
  );
  const { nodes, values } = reachable(fused, outputs);
  const { renamed, copies } = nameOutputs(nodes, outputs);
  const constants = distinctConstants([...values.values()], renamed);
  const embedded = new Map([...(options.state ?? [])].map(([name, data]) => [graphNames.state(name), data]));
  const fed = [...recording.inputs, ...recording.state].filter(
    ({ name }) => (values.has(name) || recording.inputs.some((input) => input.name === name)) && !embedded.has(name),
  );
  const zero = values.get(ZERO_INPUT);
  const inputs = zero === undefined ? fed : [...fed, zero];
  const initializers = constants.flatMap((value) => initializer(value, embedded.get(value.name)));
  const message = modelType.create({
    irVersion: 8,
    producerName: 'fedistl',
    opsetImport: OPERATOR_SETS,
    metadataProps: Object.entries(options.metadata ?? {}).map(([key, value]) => ({ key, value })),
    graph: {
      name: recording.name,
      node: [...nodes, ...copies].map((node) => encodeNode(node, renamed)),
      initializer: initializers,
      input: inputs.map(valueInfo),
      output: outputs.map(({ name, value }) => valueInfo({ ...value, name })),
    },
  });
  return {
    bytes: modelType.encode(message).finish(),
    inputNames: inputs.map(({ name }) => name),
    nodeCount: nodes.length,
  };
}

/** The nodes that the outputs need, in order, and every value that these nodes read. */
function reachable(
  all: readonly GraphNode[],
  outputs: readonly { readonly value: TraceValue }[],
): { nodes: GraphNode[]; values: Map<string, TraceValue> } {
  const values = new Map(outputs.map(({ value }) => [value.name, value]));
  const nodes: GraphNode[] = [];
  for (let index = all.length - 1; index >= 0; index--) {
    const node = all[index] as GraphNode;
    if (!node.outputs.some(({ name }) => values.has(name))) continue;
    nodes.push(node);
    for (const value of node.inputs) values.set(value.name, value);
  }
  return { nodes: nodes.reverse(), values };
}

/** Constants that are one number throughout and equal in shape become one; the others get its name. */
function distinctConstants(values: readonly TraceValue[], renamed: Map<string, string>): TraceValue[] {
  const known = new Map<string, string>();
  return values.filter(({ name, splat, shape, dtype }) => {
    if (splat === undefined) return true;
    const key = `${dtype}[${shape.join(',')}]${Object.is(splat, -0) ? '-0' : String(splat)}`;
    const first = known.get(key);
    if (first === undefined) known.set(key, name);
    else renamed.set(name, first);
    return first === undefined;
  });
}

/**
 * Gives results the names under which the graph returns them. A value that is an input, a constant or returned twice needs a
 * copy for that.
 */
function nameOutputs(
  nodes: readonly GraphNode[],
  outputs: readonly { readonly name: string; readonly value: TraceValue }[],
): { renamed: Map<string, string>; copies: GraphNode[] } {
  const computed = new Set(nodes.flatMap((node) => node.outputs.map(({ name }) => name)));
  const renamed = new Map<string, string>();
  const copies: GraphNode[] = [];
  for (const { name, value } of outputs) {
    if (computed.has(value.name) && !renamed.has(value.name)) {
      renamed.set(value.name, name);
      continue;
    }
    const copy = { name, shape: value.shape, dtype: value.dtype };
    copies.push({ operator: 'Identity', domain: '', inputs: [value], outputs: [copy], attributes: {} });
  }
  return { renamed, copies };
}

function encodeNode(
  { operator, domain, inputs, outputs, attributes }: GraphNode,
  renamed: ReadonlyMap<string, string>,
): object {
  const nameOf = ({ name }: TraceValue): string => renamed.get(name) ?? name;
  return {
    // The runtime's profile names nodes; the first output is unique.
    name: `${operator}:${outputs[0]?.name ?? ''}`,
    opType: operator,
    domain,
    input: inputs.map(nameOf),
    output: outputs.map(nameOf),
    attribute: Object.entries(attributes).map(([name, value]) => ({ name, ...encodeAttribute(value) })),
  };
}

function encodeAttribute(value: AttributeValue): object {
  if (typeof value === 'number') return { type: ATTRIBUTE_TYPE.int, i: value };
  if (typeof value === 'string') return { type: ATTRIBUTE_TYPE.string, s: new TextEncoder().encode(value) };
  if ('float' in value) return { type: ATTRIBUTE_TYPE.float, f: value.float };
  return { type: ATTRIBUTE_TYPE.ints, ints: value };
}

function initializer(value: TraceValue, embedded: Float32Array | undefined): object[] {
  const data = embedded ?? value.data ?? splatData(value);
  if (data === undefined) return [];
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [{ name: value.name, dims: [...value.shape], dataType: DATA_TYPE[value.dtype], rawData }];
}

function splatData({ splat, shape, dtype }: TraceValue): Float32Array | Int32Array | Uint8Array | undefined {
  if (splat === undefined) return undefined;
  const size = sizeOf(shape);
  if (dtype === 'float32') return new Float32Array(size).fill(splat);
  return dtype === 'int32' ? new Int32Array(size).fill(splat) : new Uint8Array(size).fill(splat);
}

function valueInfo({ name, shape, dtype }: TraceValue): object {
  const dim = shape.map((length) => ({ dimValue: length }));
  return { name, type: { tensorType: { elemType: DATA_TYPE[dtype], shape: { dim } } } };
}
