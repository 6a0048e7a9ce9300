import { tf } from '../../tf';
import { sizeOf, type TraceValue } from '../value';
import { badAttribute, input, type KernelCall, numberAttribute, traceKernel } from './register';

/** Kernel name, ONNX operator, and what the reduction of n equal numbers v is. */
const REDUCTIONS: readonly (readonly [string, string, (v: number, n: number) => number])[] = [
  ['Sum', 'ReduceSum', (v, n) => v * n],
  ['Mean', 'ReduceMean', (v) => v],
  ['Max', 'ReduceMax', (v) => v],
  ['Min', 'ReduceMin', (v) => v],
  ['Prod', 'ReduceProd', (v, n) => v ** n],
];

export function registerReductions(): void {
  for (const [kernel, operator, fold] of REDUCTIONS) {
    traceKernel(kernel, (call) => reduction(call, operator, fold));
  }
  traceKernel('All', (call) => logical(call, 'ReduceMin'));
  traceKernel('Any', (call) => logical(call, 'ReduceMax'));
  traceKernel('ArgMax', (call) => {
    const x = input(call, 'x');
    const axis = numberAttribute(call, 'axis');
    const shape = x.shape.filter((_, index) => index !== axis);
    const index = call.graph.node('ArgMax', [x], shape, 'int64', { attributes: { axis, keepdims: 0 } });
    return call.graph.node('Cast', [index], shape, 'int32', { attributes: { to: 6 } });
  });
  traceKernel('Softmax', (call) => {
    const logits = input(call, 'logits');
    const axis = numberAttribute(call, 'dim');
    return call.graph.node('Softmax', [logits], logits.shape, 'float32', { attributes: { axis } });
  });
  traceKernel('LogSoftmax', (call) => {
    const logits = input(call, 'logits');
    const axis = numberAttribute(call, 'axis');
    return call.graph.node('LogSoftmax', [logits], logits.shape, 'float32', { attributes: { axis } });
  });
}

function axesOf(call: KernelCall, x: TraceValue): number[] {
  const axis = call.attributes['axis'] as number | number[] | null | undefined;
  const axes = axis ?? x.shape.map((_, index) => index);
  return tf.util.parseAxisParam(axes, [...x.shape]);
}

function reduction(call: KernelCall, operator: string, fold: (v: number, n: number) => number): TraceValue {
  const x = input(call, 'x');
  const axes = axesOf(call, x);
  const keepDims = call.attributes['keepDims'] === true;
  const shape = x.shape.flatMap((length, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [length]));
  const count = sizeOf(axes.map((axis) => x.shape[axis] ?? 1));
  if (x.splat !== undefined) return call.graph.splat(fold(x.splat, count), shape, x.dtype);
  if (count === 1) return call.graph.reshape(x, shape);
  return call.graph.node(operator, [x, call.graph.integers(axes)], shape, x.dtype, {
    attributes: { keepdims: Number(keepDims) },
  });
}

/** ONNX reduces numbers only: all is the minimum, any the maximum. */
function logical(call: KernelCall, operator: string): TraceValue {
  const x = input(call, 'x');
  if (x.dtype !== 'bool') throw badAttribute(call, 'x', 'a bool tensor');
  const axes = axesOf(call, x);
  const keepDims = call.attributes['keepDims'] === true;
  const shape = x.shape.flatMap((length, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [length]));
  const numbers = call.graph.node('Cast', [x], x.shape, 'int32', { attributes: { to: 6 } });
  const reduced = call.graph.node(operator, [numbers, call.graph.integers(axes)], shape, 'int32', {
    attributes: { keepdims: Number(keepDims) },
  });
  return call.graph.node('Cast', [reduced], shape, 'bool', { attributes: { to: 9 } });
}
