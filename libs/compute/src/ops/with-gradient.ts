import { tf } from '../tf';

/** An operation with its own derivative. */
export interface DifferentiableOperation<Inputs extends readonly tf.Tensor[], Saved extends readonly tf.Tensor[]> {
  /** The value, and every tensor that `backward` needs: others are gone by then on an eager engine. */
  readonly forward: (...inputs: Inputs) => { readonly value: tf.Tensor; readonly saved: Saved };
  /** Gradients of the inputs, in their order, given the gradient `dy` of the value. */
  readonly backward: (dy: tf.Tensor, ...saved: Saved) => tf.Tensor[];
}

/**
 * Applies an operation whose backward pass is written by hand. TensorFlow.js would derive one from the single ops, but
 * with more passes over memory; on a CPU those passes, not the matrix products, are what separates engines.
 */
export function withGradient<Inputs extends readonly tf.Tensor[], const Saved extends readonly tf.Tensor[]>(
  operation: DifferentiableOperation<Inputs, Saved>,
  ...inputs: Inputs
): tf.Tensor {
  const apply = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const save = args[args.length - 1] as tf.GradSaveFunc;
    const { value, saved } = operation.forward(...(args.slice(0, -1) as unknown as Inputs));
    save([...saved]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => operation.backward(dy, ...(kept as unknown as Saved)),
    };
  });
  return apply(...inputs);
}
