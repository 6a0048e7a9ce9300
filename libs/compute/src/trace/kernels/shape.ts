import { tf } from '../../tf';
import { type Graph } from '../graph';
import { sizeOf, type TraceValue } from '../value';
import { scalar } from './elementwise';
import { badAttribute, dtypeAttribute, input, numberAttribute, numbersAttribute, traceKernel } from './register';

export function registerShape(): void {
  traceKernel('Identity', (call) => input(call, 'x'));
  traceKernel('Reshape', (call) => {
    const x = input(call, 'x');
    return call.graph.reshape(x, tf.util.inferFromImplicitShape(numbersAttribute(call, 'shape'), sizeOf(x.shape)));
  });
  traceKernel('ExpandDims', (call) => {
    const x = input(call, 'input');
    const dim = numberAttribute(call, 'dim');
    const shape = [...x.shape];
    shape.splice(dim < 0 ? shape.length + 1 + dim : dim, 0, 1);
    return call.graph.reshape(x, shape);
  });
  traceKernel('Transpose', (call) => transpose(call.graph, input(call, 'x'), numbersAttribute(call, 'perm')));
  traceKernel('Tile', (call) => tile(call.graph, input(call, 'x'), numbersAttribute(call, 'reps')));
  traceKernel('Slice', (call) => {
    const x = input(call, 'x');
    const [begin, size] = tf.slice_util.parseSliceParams(
      shapeOnly(x),
      numbersAttribute(call, 'begin'),
      numbersAttribute(call, 'size'),
    ) as [number[], number[]];
    return slice(call.graph, x, begin, size);
  });
  traceKernel('PadV2', (call) => {
    const x = input(call, 'x');
    const paddings = call.attributes['paddings'] as [number, number][];
    const pads = call.graph.integers([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
    const shape = x.shape.map((length, axis) => length + (paddings[axis]?.[0] ?? 0) + (paddings[axis]?.[1] ?? 0));
    return call.graph.node(
      'Pad',
      [x, pads, scalar(call.graph, numberAttribute(call, 'constantValue'))],
      shape,
      x.dtype,
    );
  });
  traceKernel('Reverse', (call) => {
    const x = input(call, 'x');
    const axes = tf.util.parseAxisParam(numbersAttribute(call, 'dims'), [...x.shape]);
    const { graph } = call;
    const starts = graph.integers(axes.map(() => -1));
    const ends = graph.integers(axes.map((axis) => -(x.shape[axis] ?? 0) - 1));
    return graph.node(
      'Slice',
      [x, starts, ends, graph.integers(axes), graph.integers(axes.map(() => -1))],
      x.shape,
      x.dtype,
    );
  });
  traceKernel('Concat', (call) => concat(call.graph, Object.values(call.inputs), numberAttribute(call, 'axis')));
  traceKernel('Pack', (call) => {
    const axis = numberAttribute(call, 'axis');
    const parts = Object.values(call.inputs).map((value) => {
      const shape = [...value.shape];
      shape.splice(axis, 0, 1);
      return call.graph.reshape(value, shape);
    });
    return concat(call.graph, parts, axis);
  });
  traceKernel('Unpack', (call) => {
    const x = input(call, 'value');
    const axis = numberAttribute(call, 'axis');
    const rest = x.shape.filter((_, index) => index !== axis);
    const ones = new Array<number>(x.shape[axis] ?? 0).fill(1);
    return split(call.graph, x, ones, axis).map((part) => call.graph.reshape(part, rest));
  });
  traceKernel('SplitV', (call) => {
    const x = input(call, 'x');
    const [axis] = tf.util.parseAxisParam(numberAttribute(call, 'axis'), [...x.shape]) as [number];
    const sections = call.attributes['numOrSizeSplits'] as number | number[];
    const sizes = tf.backend_util.prepareSplitSize(shapeOnly(x), sections, axis);
    return split(call.graph, x, sizes, axis);
  });
  traceKernel('GatherV2', (call) => {
    const [x, indices] = [input(call, 'x'), input(call, 'indices')];
    if (numberAttribute(call, 'batchDims') !== 0) throw badAttribute(call, 'batchDims', '0');
    const [axis] = tf.util.parseAxisParam(numberAttribute(call, 'axis'), [...x.shape]) as [number];
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return call.graph.node('Gather', [x, indices], shape, x.dtype, { attributes: { axis } });
  });
  traceKernel('Fill', (call) => {
    const dtype = call.attributes['dtype'] === undefined ? 'float32' : dtypeAttribute(call, 'dtype');
    return call.graph.splat(numberAttribute(call, 'value'), numbersAttribute(call, 'shape'), dtype);
  });
  traceKernel('ZerosLike', (call) => call.graph.splat(0, input(call, 'x').shape, input(call, 'x').dtype));
  traceKernel('OnesLike', (call) => call.graph.splat(1, input(call, 'x').shape, input(call, 'x').dtype));
}

export function transpose(graph: Graph, x: TraceValue, perm: readonly number[]): TraceValue {
  const shape = perm.map((axis) => x.shape[axis] ?? 1);
  if (x.splat !== undefined) return graph.splat(x.splat, shape, x.dtype);
  // Moving axes of length 1 only changes the shape.
  const moved = perm.filter((axis) => x.shape[axis] !== 1);
  if (moved.every((axis, index) => index === 0 || axis > (moved[index - 1] ?? 0))) return graph.reshape(x, shape);
  return graph.node('Transpose', [x], shape, x.dtype, { attributes: { perm: [...perm] } });
}

function tile(graph: Graph, x: TraceValue, reps: readonly number[]): TraceValue {
  const shape = x.shape.map((length, axis) => length * (reps[axis] ?? 1));
  if (x.splat !== undefined) return graph.splat(x.splat, shape, x.dtype);
  if (reps.every((count) => count === 1)) return x;
  // Repeating along axes of length 1 is a broadcast, which the consumer may do by itself.
  if (reps.every((count, axis) => count === 1 || x.shape[axis] === 1)) return graph.expand(x, shape);
  return graph.node('Tile', [x, graph.integers(reps)], shape, x.dtype);
}

function slice(graph: Graph, x: TraceValue, begin: readonly number[], size: readonly number[]): TraceValue {
  if (x.splat !== undefined) return graph.splat(x.splat, size, x.dtype);
  const axes = size.flatMap((length, axis) => (length === x.shape[axis] ? [] : [axis]));
  if (axes.length === 0) return x;
  const starts = axes.map((axis) => begin[axis] ?? 0);
  const ends = axes.map((axis) => (begin[axis] ?? 0) + (size[axis] ?? 0));
  return graph.node('Slice', [x, graph.integers(starts), graph.integers(ends), graph.integers(axes)], size, x.dtype);
}

/** WebGPU binds a buffer for every output of a node, and promises no more than eight. */
const MOST_PARTS = 7;

function split(graph: Graph, x: TraceValue, sizes: readonly number[], axis: number): TraceValue[] {
  const partShape = (length: number): number[] => x.shape.map((full, index) => (index === axis ? length : full));
  const { splat } = x;
  if (splat !== undefined) return sizes.map((length) => graph.splat(splat, partShape(length), x.dtype));
  if (sizes.length === 1) return [x];
  if (sizes.length > MOST_PARTS) {
    const groups = inGroups(sizes);
    const lengths = groups.map((group) => group.reduce((sum, length) => sum + length, 0));
    return split(graph, x, lengths, axis).flatMap((part, index) => split(graph, part, groups[index] ?? [], axis));
  }
  return graph.nodeWithOutputs(
    'Split',
    [x, graph.integers(sizes)],
    sizes.map((length) => ({ shape: partShape(length), dtype: x.dtype })),
    { attributes: { axis } },
  );
}

/** Neighbours in at most MOST_PARTS groups of about equal count. */
function inGroups(sizes: readonly number[]): number[][] {
  const perGroup = Math.ceil(sizes.length / MOST_PARTS);
  const groups: number[][] = [];
  for (let start = 0; start < sizes.length; start += perGroup) groups.push(sizes.slice(start, start + perGroup));
  return groups;
}

function concat(graph: Graph, parts: readonly TraceValue[], axisParameter: number): TraceValue {
  const first = parts[0] as TraceValue;
  const [axis] = tf.util.parseAxisParam(axisParameter, [...first.shape]) as [number];
  const shape = [...first.shape];
  shape[axis] = parts.reduce((sum, part) => sum + (part.shape[axis] ?? 0), 0);
  const present = parts.filter((part) => sizeOf(part.shape) > 0);
  if (present.length === 1) return present[0] as TraceValue;
  return graph.node('Concat', present, shape, first.dtype, { attributes: { axis } });
}

/** TensorFlow.js' shape arithmetic takes whole tensors, but reads only their shape. */
function shapeOnly(x: TraceValue): tf.Tensor {
  const facts: Pick<tf.Tensor, 'shape' | 'rank'> = { shape: [...x.shape], rank: x.shape.length };
  return facts as tf.Tensor;
}
