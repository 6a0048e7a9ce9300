import { NORMALISE_KERNEL } from '../../ops/normalise';
import { BARRIER_KERNEL } from '../../ops/rematerialise';
import { multiply } from './elementwise';
import { input, numberAttribute, traceKernel } from './register';

/** Name of the input that every program with a barrier gets: a zero that no optimiser can know at compile time. */
export const ZERO_INPUT = 'fedistl.zero';

/** Kernels that TensorFlow.js does not have. */
export function registerOwnKernels(): void {
  traceKernel(NORMALISE_KERNEL, (call) => {
    const x = input(call, 'x');
    const width = x.shape.at(-1) ?? 1;
    const statistics = [...x.shape.slice(0, -1), 1];
    const { graph } = call;
    const ones = graph.splat(1, [width], 'float32');
    const [value, , inverse] = graph.nodeWithOutputs(
      'LayerNormalization',
      [x, ones],
      [
        { shape: x.shape, dtype: 'float32' },
        { shape: statistics, dtype: 'float32' },
        { shape: statistics, dtype: 'float32' },
      ],
      { attributes: { axis: -1, epsilon: { float: numberAttribute(call, 'epsilon') } } },
    );
    return [value, inverse].filter((output) => output !== undefined);
  });
  traceKernel(BARRIER_KERNEL, (call) => {
    const [x, after] = [input(call, 'x'), input(call, 'after')];
    const { graph } = call;
    // x + 0·after[0]: the runtime cannot know the zero, so it must wait for `after` and cannot merge the result with x.
    const flat = graph.reshape(after, [after.shape.reduce((product, length) => product * length, 1)]);
    const first = graph.node('Slice', [flat, graph.integers([0]), graph.integers([1])], [1], 'float32');
    return graph.node('Add', [x, multiply(graph, first, graph.input(ZERO_INPUT, [1], 'float32'))], x.shape, x.dtype);
  });
}
