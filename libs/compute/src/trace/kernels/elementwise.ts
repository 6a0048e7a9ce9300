import { type Graph } from '../graph';
import { tf } from '../../tf';
import { sameShape, type TraceDtype, type TraceValue } from '../value';
import { dtypeAttribute, input, numberAttribute, traceKernel } from './register';

type Fold = (a: number, b: number) => number;

/** Two-operand kernels: TensorFlow.js name, ONNX operator, result type (the operands' when absent), constant folding. */
const BINARY: readonly (readonly [string, string, TraceDtype | undefined, Fold | undefined])[] = [
  ['Add', 'Add', undefined, (a, b) => a + b],
  ['Sub', 'Sub', undefined, (a, b) => a - b],
  ['Multiply', 'Mul', undefined, (a, b) => a * b],
  ['RealDiv', 'Div', undefined, (a, b) => a / b],
  ['Maximum', 'Max', undefined, Math.max],
  ['Minimum', 'Min', undefined, Math.min],
  ['Pow', 'Pow', undefined, undefined],
  ['Greater', 'Greater', 'bool', undefined],
  ['GreaterEqual', 'GreaterOrEqual', 'bool', undefined],
  ['Less', 'Less', 'bool', undefined],
  ['LessEqual', 'LessOrEqual', 'bool', undefined],
  ['Equal', 'Equal', 'bool', undefined],
  ['LogicalAnd', 'And', 'bool', undefined],
  ['LogicalOr', 'Or', 'bool', undefined],
];

/** One-operand kernels: TensorFlow.js name, ONNX operator, constant folding. */
const UNARY: readonly (readonly [string, string, ((x: number) => number) | undefined])[] = [
  ['Abs', 'Abs', Math.abs],
  ['Cos', 'Cos', Math.cos],
  ['Erf', 'Erf', undefined],
  ['Exp', 'Exp', Math.exp],
  ['Floor', 'Floor', Math.floor],
  ['Log', 'Log', Math.log],
  ['Neg', 'Neg', (x) => -x],
  ['Reciprocal', 'Reciprocal', (x) => 1 / x],
  ['Relu', 'Relu', (x) => Math.max(x, 0)],
  ['Sigmoid', 'Sigmoid', undefined],
  ['Sign', 'Sign', Math.sign],
  ['Sin', 'Sin', Math.sin],
  ['Softplus', 'Softplus', undefined],
  ['Sqrt', 'Sqrt', Math.sqrt],
  ['Tanh', 'Tanh', Math.tanh],
];

export function registerElementwise(): void {
  for (const [kernel, operator, dtype, fold] of BINARY) {
    traceKernel(kernel, (call) => binary(call.graph, operator, input(call, 'a'), input(call, 'b'), dtype, fold));
  }
  for (const [kernel, operator, fold] of UNARY) {
    traceKernel(kernel, (call) => unary(call.graph, operator, input(call, 'x'), fold));
  }
  traceKernel('Square', (call) => multiply(call.graph, input(call, 'x'), input(call, 'x')));
  traceKernel('SquaredDifference', (call) => {
    const difference = binary(call.graph, 'Sub', input(call, 'a'), input(call, 'b'), undefined, (a, b) => a - b);
    return multiply(call.graph, difference, difference);
  });
  traceKernel('Rsqrt', (call) =>
    unary(call.graph, 'Reciprocal', unary(call.graph, 'Sqrt', input(call, 'x'), Math.sqrt), (x) => 1 / x),
  );
  traceKernel('LogicalNot', (call) => unary(call.graph, 'Not', input(call, 'x'), undefined));
  traceKernel('IsFinite', (call) => isFinite(call.graph, input(call, 'x')));
  traceKernel('Step', (call) => {
    // 1 where x > 0, alpha elsewhere: the gradient of relu asks for 0, that of abs for -1.
    const x = input(call, 'x');
    const positive = binary(call.graph, 'Greater', x, scalar(call.graph, 0), 'bool', undefined);
    const alpha = scalar(call.graph, numberAttribute(call, 'alpha'));
    return call.graph.node('Where', [positive, scalar(call.graph, 1), alpha], x.shape, 'float32');
  });
  traceKernel('ClipByValue', (call) => {
    const { clipValueMin, clipValueMax } = call.attributes as { clipValueMin: number; clipValueMax: number };
    const x = input(call, 'x');
    return call.graph.node(
      'Clip',
      [x, scalar(call.graph, clipValueMin), scalar(call.graph, clipValueMax)],
      x.shape,
      x.dtype,
    );
  });
  traceKernel('Select', (call) => {
    const [condition, t, e] = [input(call, 'condition'), input(call, 't'), input(call, 'e')];
    return call.graph.node('Where', [condition, t, e], broadcastShape(broadcastShape(condition, t), e), t.dtype);
  });
  traceKernel('AddN', (call) =>
    Object.values(call.inputs).reduce((sum, x) => binary(call.graph, 'Add', sum, x, undefined, (a, b) => a + b)),
  );
  traceKernel('Cast', (call) => cast(call.graph, input(call, 'x'), dtypeAttribute(call, 'dtype')));
}

const ONNX_TYPE = { float32: 1, int32: 6, bool: 9 } as const;

export function cast(graph: Graph, x: TraceValue, dtype: 'float32' | 'int32' | 'bool'): TraceValue {
  if (x.dtype === dtype) return x;
  if (x.splat !== undefined)
    return graph.splat(dtype === 'bool' ? Number(x.splat !== 0) : Math.trunc(x.splat), x.shape, dtype);
  return graph.node('Cast', [x], x.shape, dtype, { attributes: { to: ONNX_TYPE[dtype] } });
}

export function scalar(graph: Graph, value: number): TraceValue {
  return graph.splat(value, [], 'float32');
}

export function multiply(graph: Graph, a: TraceValue, b: TraceValue): TraceValue {
  return binary(graph, 'Mul', a, b, undefined, (x, y) => x * y);
}

export function unary(
  graph: Graph,
  operator: string,
  x: TraceValue,
  fold: ((x: number) => number) | undefined,
): TraceValue {
  if (x.splat !== undefined && fold !== undefined) return graph.splat(fold(x.splat), x.shape, x.dtype);
  return graph.node(operator, [x], x.shape, x.dtype);
}

/** Adds a broadcasting operation; folds constants and drops `x·1`, `x/1`, `x+0` and `x-0`. */
export function binary(
  graph: Graph,
  operator: string,
  a: TraceValue,
  b: TraceValue,
  dtype: TraceDtype | undefined,
  fold: Fold | undefined,
): TraceValue {
  const shape = broadcastShape(a, b);
  const result = dtype ?? a.dtype;
  if (a.splat !== undefined && b.splat !== undefined && fold !== undefined) {
    return graph.splat(fold(a.splat, b.splat), shape, result);
  }
  if (isNeutral(operator, b.splat)) return sameShape(a.shape, shape) ? a : graph.expand(a, shape);
  if (isNeutral(operator, a.splat) && (operator === 'Mul' || operator === 'Add')) {
    return sameShape(b.shape, shape) ? b : graph.expand(b, shape);
  }
  return graph.node(operator, compact(graph, a, b, shape), shape, result);
}

function isNeutral(operator: string, splat: number | undefined): boolean {
  return splat === 1
    ? operator === 'Mul' || operator === 'Div'
    : splat === 0 && (operator === 'Add' || operator === 'Sub');
}

/** Replaces operands that the operation broadcasts anyway by what they were before they were broadcast. */
function compact(graph: Graph, a: TraceValue, b: TraceValue, shape: readonly number[]): [TraceValue, TraceValue] {
  const small = (x: TraceValue): TraceValue =>
    x.splat === undefined ? (x.source ?? x) : graph.splat(x.splat, [], x.dtype);
  if (sameShape(a.shape, shape) && isSmaller(b, small(b))) return [a, small(b)];
  if (sameShape(b.shape, shape) && isSmaller(a, small(a))) return [small(a), b];
  return [a, b];
}

function isSmaller(original: TraceValue, replacement: TraceValue): boolean {
  return !sameShape(original.shape, replacement.shape);
}

function broadcastShape(a: { readonly shape: readonly number[] } | readonly number[], b: TraceValue): number[] {
  const left = 'shape' in a ? a.shape : a;
  return tf.backend_util.assertAndGetBroadcastShape([...left], [...b.shape]);
}

/** True where a number is finite: `x - x` is 0 there and NaN elsewhere. */
function isFinite(graph: Graph, x: TraceValue): TraceValue {
  const difference = graph.node('Sub', [x, x], x.shape, x.dtype);
  return graph.node('Equal', [difference, scalar(graph, 0)], x.shape, 'bool');
}
