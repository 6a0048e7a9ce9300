import { tf } from '../tf';
import { matMul } from './matmul';
import { normalise, normaliseBackward } from './normalise';
import { withGradient } from './with-gradient';

export interface NormLinearParameters {
  /** Layer norm scale, [I] */
  readonly gamma: tf.Tensor;
  /** Layer norm shift, [I] */
  readonly beta: tf.Tensor;
  /** [O, I] */
  readonly weight: tf.Tensor;
  /** [O] */
  readonly bias: tf.Tensor;
}

/**
 * `scale · linear(layerNorm(x))` in one operation.
 *
 * The norm's scale and shift are folded into the weights, `(x̂·γ + β)·Wᵀ + b = x̂·(W·γ)ᵀ + (b + W·β)`, which moves three
 * passes over the tokens to the (much smaller) weights. In the backward pass the weights are centred along their input
 * axis, so that the product yields the gradient of `x̂` with its row means already removed.
 *
 * @param x [..., I]
 * @param epsilon of the layer norm
 * @param scale constant factor of the result (the GELU that follows wants `1/√2`)
 * @returns [..., O]
 */
export function normLinear(x: tf.Tensor, parameters: NormLinearParameters, epsilon: number, scale = 1): tf.Tensor {
  const [outputs, inputs] = parameters.weight.shape as [number, number];
  const rows = tf.reshape(x, [-1, inputs]); // [M, I]
  const y = withGradient(
    {
      forward: (input: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) => {
        const { value, inverseStdDev } = normalise(input, epsilon);
        const folded = tf.mul(weight, scaled(gamma, scale)); // [O, I]
        const shift = tf.reshape(matMul(weight, tf.reshape(beta, [inputs, 1])), [outputs]);
        const offset = scaled(tf.add(bias, shift), scale); // [O]
        return {
          value: tf.add(matMul(value, folded, false, true), offset),
          saved: [value, inverseStdDev, folded, gamma, beta, weight],
        };
      },
      backward: (dy, value, inverseStdDev, folded, gamma, beta, weight) => {
        const centred = tf.sub(folded, tf.mean(folded, -1, true)); // [O, I]
        const dx = normaliseBackward(matMul(dy, centred), { value, inverseStdDev });
        const dFolded = scaled(matMul(dy, value, true), scale); // [O, I], gradient of W·γ
        const dBias = scaled(tf.sum(dy, 0), scale); // [O]
        const dWeight = tf.add(tf.mul(dFolded, gamma), tf.mul(tf.reshape(dBias, [outputs, 1]), beta));
        const dGamma = tf.sum(tf.mul(dFolded, weight), 0);
        const dBeta = tf.reshape(matMul(tf.reshape(dBias, [1, outputs]), weight), [inputs]);
        return [dx, dGamma, dBeta, dWeight, dBias];
      },
    },
    rows,
    parameters.gamma,
    parameters.beta,
    parameters.weight,
    parameters.bias,
  );
  return tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}

function scaled(x: tf.Tensor, factor: number): tf.Tensor {
  return factor === 1 ? x : tf.mul(x, factor);
}
