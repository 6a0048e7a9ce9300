import { gelu, l2Normalise, linear, tf } from '@fedistl/compute';
import { type ParameterTensors, parameterOf } from './network-parameters';

/** The floor of both L2 norms (PyTorch's `normalize`). */
const normEps = 1e-12;

/**
 * DINO head (Caron et al., arXiv 2104.14294, appendix C): three linear layers with GELU between, L2 normalisation, and a
 * weight-normalised layer without bias: logit r = g_r * <v_r / |v_r|, x>.
 *
 * @param features [B, D]
 * @returns [B, K]
 */
export function dinoHead(parameters: ParameterTensors, features: tf.Tensor): tf.Tensor {
  const first = gelu(layer(parameters, 'head.mlp.0', features));
  const second = gelu(layer(parameters, 'head.mlp.2', first));
  const bottleneck = l2Normalise(layer(parameters, 'head.mlp.4', second), normEps); // [B, bottleneck]
  const directions = l2Normalise(parameterOf(parameters, 'head.last_layer.weight_v'), normEps); // [K, bottleneck]
  const gains = parameterOf(parameters, 'head.last_layer.weight_g'); // [K, 1]
  return tf.mul(linear(bottleneck, directions), tf.reshape(gains, [1, gains.size]));
}

/**
 * Class head: three linear layers with ReLU between. The sigmoid belongs to the loss or the reader.
 *
 * @param features [B, D]
 * @returns [B, findings]
 */
export function classHead(parameters: ParameterTensors, features: tf.Tensor): tf.Tensor {
  const first = tf.relu(layer(parameters, 'cls_head.mlp.0', features));
  const second = tf.relu(layer(parameters, 'cls_head.mlp.2', first));
  return layer(parameters, 'cls_head.mlp.4', second);
}

function layer(parameters: ParameterTensors, name: string, x: tf.Tensor): tf.Tensor {
  return linear(x, parameterOf(parameters, `${name}.weight`), parameterOf(parameters, `${name}.bias`));
}
