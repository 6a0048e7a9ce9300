import { createRequire } from 'node:module';
import { ComputeError } from '../../compute.errors';
import { tf } from '../../tf';

/** The native packages in order of preference; the first one that is installed is used. */
export const TENSORFLOW_PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** Name of the native package that is installed, or undefined. */
export function installedTensorFlow(): string | undefined {
  const require_ = createRequire(__filename);
  return TENSORFLOW_PACKAGES.find((name) => {
    try {
      require_.resolve(name);
      return true;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return false;
      throw cause;
    }
  });
}

/**
 * Loads the native TensorFlow binding, which registers the backend `tensorflow` with the TensorFlow.js that this process
 * already uses. It is an optional peer dependency: its install script downloads TensorFlow from outside npm.
 */
export async function loadTensorFlow(): Promise<string> {
  const name = installedTensorFlow();
  if (name === undefined) {
    throw new ComputeError(
      'COMPUTE.ENGINE_UNAVAILABLE',
      `engine tensorflow needs one of ${TENSORFLOW_PACKAGES.join(', ')}, and none is installed. ` +
        'Install one (`npm i @tensorflow/tfjs-node-gpu`), or build it against a current TensorFlow: deploy/tensorflow/README.md',
    );
  }
  try {
    createRequire(__filename)(name);
  } catch (cause) {
    throw new ComputeError(
      'COMPUTE.ENGINE_UNAVAILABLE',
      `${name} is installed but does not load: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  if (!(await tf.setBackend('tensorflow'))) {
    throw new ComputeError('COMPUTE.ENGINE_UNAVAILABLE', `${name} loaded, but its backend did not start`);
  }
  return name;
}
