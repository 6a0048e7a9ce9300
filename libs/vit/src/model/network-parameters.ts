import { type tf } from '@fedistl/compute';
import { VitError } from '../vit.errors';

/** The network's tensors by checkpoint name. The caller owns them; no forward function disposes of one. */
export type ParameterTensors = ReadonlyMap<string, tf.Tensor>;

/**
 * The tensor `name`.
 *
 * @throws VitError `VIT.PARAMETER_MISSING`
 */
export function parameterOf(parameters: ParameterTensors, name: string): tf.Tensor {
  const tensor = parameters.get(name);
  if (tensor === undefined) {
    throw new VitError('VIT.PARAMETER_MISSING', `the network needs a tensor ${name}, which was not handed in`, {
      details: { name, count: parameters.size },
    });
  }
  return tensor;
}
