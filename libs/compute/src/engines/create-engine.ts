import { ComputeError } from '../compute.errors';
import { type Engine, type EngineName, type Provider } from '../program';
import { tf } from '../tf';
import { EagerEngine } from './eager/eager-engine';
import { loadTensorFlow } from './eager/tensorflow';
import { initialiseWasm } from './eager/wasm';
import { OnnxEngine } from './onnxruntime/onnx-engine';

export interface EngineOptions {
  readonly engine: EngineName;
  /** Execution provider of onnxruntime; cpu when absent. */
  readonly provider?: Provider;
  readonly threads?: number;
  readonly profilePrefix?: string;
}

/** Makes an engine ready, or says with a code why it cannot be had here. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { engine, provider, threads, profilePrefix } = options;
  if (provider !== undefined && engine !== 'onnxruntime') {
    throw new ComputeError(
      'COMPUTE.OPTION_INVALID',
      `a provider belongs to engine onnxruntime; engine ${engine} has none`,
    );
  }
  switch (engine) {
    case 'onnxruntime':
      return new OnnxEngine({
        ...(provider === undefined ? {} : { provider }),
        ...(threads === undefined ? {} : { threads }),
        ...(profilePrefix === undefined ? {} : { profilePrefix }),
      });
    case 'tensorflow':
      await loadTensorFlow();
      return new EagerEngine('tensorflow', 'tensorflow');
    case 'wasm':
      await initialiseWasm();
      return new EagerEngine('wasm', 'wasm');
    case 'js':
      await tf.setBackend('cpu');
      return new EagerEngine('js', 'cpu');
  }
}
