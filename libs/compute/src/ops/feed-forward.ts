import { tf } from '../tf';
import { scaledGelu } from './gelu';
import { linear } from './linear';
import { normLinear, type NormLinearParameters } from './norm-linear';
import { withGradient } from './with-gradient';

export interface FeedForwardParameters {
  /** Layer norm and first linear layer, D -> hidden. */
  readonly input: NormLinearParameters;
  /** [D, hidden] */
  readonly weight: tf.Tensor;
  /** [D] */
  readonly bias: tf.Tensor;
}

/**
 * The transformer's second branch: `linear(gelu(linear(layerNorm(x))))`, with GELU's constant factors moved into the
 * weights on both sides.
 *
 * @param x [..., D]
 * @returns [..., D]
 */
export function feedForward(x: tf.Tensor, parameters: FeedForwardParameters, epsilon: number): tf.Tensor {
  const hidden = scaledGelu(normLinear(x, parameters.input, epsilon, Math.SQRT1_2)); // [..., hidden]
  return linear(hidden, scaleByConstant(parameters.weight, Math.SQRT1_2), parameters.bias);
}

function scaleByConstant(x: tf.Tensor, factor: number): tf.Tensor {
  return withGradient(
    {
      forward: (input: tf.Tensor) => ({ value: tf.mul(input, factor), saved: [] }),
      backward: (dy) => [tf.mul(dy, factor)],
    },
    x,
  );
}
