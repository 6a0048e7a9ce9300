import { type tf } from '@fedistl/compute';
import { VitError } from '../vit.errors';

/**
 * The network's tensors by checkpoint name: a map, or the state of a program. The caller owns them; no forward function
 * disposes of one.
 */
export interface ParameterTensors {
  get(name: string): tf.Tensor | undefined;
}

/**
 * The tensor `name`.
 *
 * @throws VitError `VIT.PARAMETER_MISSING`
 */
export function parameterOf(parameters: ParameterTensors, name: string): tf.Tensor {
  const tensor = parameters.get(name);
  if (tensor === undefined) {
    throw new VitError('VIT.PARAMETER_MISSING', `the network needs a tensor ${name}, which was not handed in`, {
      details: { name },
    });
  }
  return tensor;
}
