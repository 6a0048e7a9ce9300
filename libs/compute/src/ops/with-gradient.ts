import { tf } from '../tf';

/** An operation with its own derivative; `saved` are the forward tensors that `backward` needs. */
export interface DifferentiableOperation {
  readonly forward: (inputs: readonly tf.Tensor[]) => { readonly value: tf.Tensor; readonly saved: readonly tf.Tensor[] };
  /** Gradients of the inputs, in their order, given the gradient `dy` of the value. */
  readonly backward: (dy: tf.Tensor, saved: readonly tf.Tensor[]) => readonly tf.Tensor[];
}

/**
 * Applies an operation whose backward pass is written by hand. TensorFlow.js would derive one from the single ops, but
 * with more passes over memory; on a CPU those passes, not the matrix products, are what separates engines.
 */
export function withGradient(operation: DifferentiableOperation, inputs: readonly tf.Tensor[]): tf.Tensor {
  const apply = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const save = args[args.length - 1] as tf.GradSaveFunc;
    const { value, saved } = operation.forward(args.slice(0, -1) as tf.Tensor[]);
    save([...saved]);
    return { value, gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => [...operation.backward(dy, kept)] };
  });
  return apply(...inputs);
}
