import { availableParallelism } from 'node:os';
import { type InferenceSession } from 'onnxruntime-node';
import { ComputeError } from '../../compute.errors';
import { type Provider } from '../../program';

export interface OnnxEngineOptions {
  /** cpu when absent. */
  readonly provider?: Provider;
  /** Threads of one operation on the CPU; as many as the process may use when absent. */
  readonly threads?: number;
  /** Writes the runtime's profile (Chrome trace format) to files that begin so. */
  readonly profilePrefix?: string;
  /** Index of the CUDA device. */
  readonly deviceId?: number;
}

/** The runtime's session options; `deviceOutputs` are left in device memory. */
export function sessionOptions(
  options: OnnxEngineOptions,
  deviceOutputs: readonly string[] = [],
): InferenceSession.SessionOptions {
  const { provider = 'cpu', threads = availableParallelism(), profilePrefix, deviceId = 0 } = options;
  if (!Number.isInteger(threads) || threads < 1) {
    throw new ComputeError('COMPUTE.OPTION_INVALID', `threads: expected a whole number from 1, got ${threads}`);
  }
  const providers: InferenceSession.ExecutionProviderConfig[] =
    provider === 'cuda'
      ? [{ name: 'cuda', deviceId }, 'cpu']
      : provider === 'webgpu'
        ? [{ name: 'webgpu' }, 'cpu']
        : ['cpu'];
  return {
    executionProviders: providers,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
    ...(deviceOutputs.length === 0
      ? {}
      : { preferredOutputLocation: Object.fromEntries(deviceOutputs.map((name) => [name, 'gpu-buffer' as const])) }),
  };
}
