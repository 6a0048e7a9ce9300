import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import path from 'node:path';
import { ComputeError } from '../../compute.errors';
import { tf } from '../../tf';

/** Loads the WASM backend with the binaries of its own package. */
export async function initialiseWasm(): Promise<void> {
  setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}${path.sep}`);
  if (!(await tf.setBackend('wasm'))) {
    throw new ComputeError(
      'COMPUTE.ENGINE_UNAVAILABLE',
      'the WASM backend of TensorFlow.js did not start on this machine',
    );
  }
}
