import { createRequire } from 'node:module';
import path from 'node:path';
import { ComputeError } from '../../compute.errors';
import { tf } from '../../tf';

/** The native packages in order of preference; the first one that is installed is used. */
export const TENSORFLOW_PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/**
 * Looks modules up beside this library, and in the folder FEDISTL_TENSORFLOW when that is set: there a native package may
 * have been built without touching the installation (deploy/tensorflow).
 */
function lookups(): NodeJS.Require[] {
  const folder = process.env['FEDISTL_TENSORFLOW'];
  const elsewhere = folder === undefined || folder === '' ? [] : [createRequire(path.resolve(folder, 'package.json'))];
  return [...elsewhere, createRequire(__filename)];
}

/** File that a native package starts from, or undefined when none is installed. */
function entryFile(): string | undefined {
  for (const lookup of lookups()) {
    for (const name of TENSORFLOW_PACKAGES) {
      try {
        return lookup.resolve(name);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
      }
    }
  }
  return undefined;
}

/** Name of the native package that is installed, or undefined. */
export function installedTensorFlow(): string | undefined {
  const entry = entryFile()?.split(path.sep).join('/');
  return TENSORFLOW_PACKAGES.find((name) => entry?.includes(`/${name}/`) === true);
}

/**
 * Loads the native TensorFlow binding, which registers the backend `tensorflow` with the TensorFlow.js engine of this
 * process (there is one, however many copies of the library are loaded). It is an optional peer dependency: its install
 * script downloads TensorFlow from outside npm.
 */
export async function loadTensorFlow(): Promise<void> {
  const entry = entryFile();
  if (entry === undefined) {
    const folder = process.env['FEDISTL_TENSORFLOW'];
    const searched = folder === undefined || folder === '' ? '' : ` (nor in FEDISTL_TENSORFLOW=${folder})`;
    throw new ComputeError(
      'COMPUTE.ENGINE_UNAVAILABLE',
      `engine tensorflow needs one of ${TENSORFLOW_PACKAGES.join(', ')}, and none is installed${searched}. ` +
        'Install one (`npm i @tensorflow/tfjs-node-gpu`), or build it against a current TensorFlow: deploy/tensorflow/README.md',
    );
  }
  try {
    createRequire(__filename)(entry);
  } catch (cause) {
    throw new ComputeError(
      'COMPUTE.ENGINE_UNAVAILABLE',
      `${installedTensorFlow() ?? entry} is installed but does not load: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  if (!(await tf.setBackend('tensorflow'))) {
    throw new ComputeError('COMPUTE.ENGINE_UNAVAILABLE', 'the native binding loaded, but its backend did not start');
  }
}
