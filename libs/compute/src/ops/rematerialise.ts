import { tf } from '../tf';
import { hasKernel } from './has-kernel';

/** Name of the kernel that keeps a graph optimiser from merging a recomputation with the original. */
export const BARRIER_KERNEL = 'FedistlBarrier';

/**
 * Runs `block` without keeping its activations; the backward pass computes them again (Chen et al., arXiv 1604.06174).
 * Memory falls from every layer's activations to the blocks' inputs, for one more forward pass.
 *
 * Everything that `block` differentiates through must be in `inputs`, weights included. In a traced graph the
 * recomputation reads its inputs through a barrier that depends on the incoming gradient: without it the runtime's
 * common-subexpression elimination would see two equal computations and keep the first one's results alive.
 *
 * @param block a pure function of `inputs`
 */
export function rematerialise(block: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: readonly tf.Tensor[]): tf.Tensor {
  const apply = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const save = args[args.length - 1] as tf.GradSaveFunc;
    const original = args.slice(0, -1) as tf.Tensor[];
    save(original);
    return {
      value: block(...original),
      gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => {
        const [first, ...rest] = kept as [tf.Tensor, ...tf.Tensor[]];
        return nestedGradients(block, [barrier(first, dy), ...rest], dy);
      },
    };
  });
  return apply(...inputs);
}

/** `x`, but not before `after` is known. Identity where nothing is recorded. */
function barrier(x: tf.Tensor, after: tf.Tensor): tf.Tensor {
  if (!hasKernel(BARRIER_KERNEL)) return x;
  return tf.engine().runKernel(BARRIER_KERNEL, { x, after });
}

/**
 * Vector-Jacobian product of `block` inside another gradient's backward pass. TensorFlow.js keeps one tape; a nested
 * gradient computation would end with it cleared, so it is set aside and put back.
 */
function nestedGradients(
  block: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly tf.Tensor[],
  dy: tf.Tensor,
): tf.Tensor[] {
  const { state } = tf.engine();
  const outerTape = state.activeTape;
  try {
    return tf.grads(block)([...inputs], dy);
  } finally {
    state.activeTape = outerTape;
  }
}
