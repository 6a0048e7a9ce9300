import { text } from 'node:stream/consumers';
import { launchProcess } from '@fedistl/core/node';
import { type EngineOptions } from './create-engine';
import { installedTensorFlow } from './eager/tensorflow';

/** An engine as found on this machine. */
export interface EngineProbe {
  readonly options: EngineOptions;
  readonly label: string;
  /** Speed of a matrix product, when it ran. */
  readonly gflops?: number;
  /** Why it did not run. */
  readonly problem?: string;
}

const PROBE_TIMEOUT_MS = 60_000;

/** The engines worth a try here, slowest last. */
export function candidates(): EngineOptions[] {
  return [
    { engine: 'onnxruntime', provider: 'cuda' },
    { engine: 'onnxruntime', provider: 'webgpu' },
    ...(installedTensorFlow() === undefined ? [] : [{ engine: 'tensorflow' } as const]),
    { engine: 'onnxruntime', provider: 'cpu' },
    { engine: 'wasm' },
  ];
}

export function engineLabel({ engine, provider }: EngineOptions): string {
  return engine === 'onnxruntime' ? `onnxruntime-${provider ?? 'cpu'}` : engine;
}

/** Tries an engine in a process of its own and times a matrix product on it. */
export async function probeEngine(options: EngineOptions): Promise<EngineProbe> {
  const label = engineLabel(options);
  const entry = require.resolve('./probe-main');
  const child = launchProcess(entry, [JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PROBE_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) return { options, label, problem: 'the probe has no output' };
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(`the probe could not be started: ${error.message}`);
    });
    child.once('close', (code, signal) => {
      resolve(code === 0 ? '' : `the probe ended with ${signal ?? `exit code ${String(code)}`}`);
    });
  });
  const [printed, diagnostics, failure] = await Promise.all([text(stdout), text(stderr), ended]);
  if (failure !== '') return { options, label, problem: `${failure}. ${lastLine(diagnostics)}`.trim() };
  const answer = JSON.parse(lastLine(printed)) as { gflops?: number; error?: string };
  return answer.gflops === undefined
    ? { options, label, problem: summary(answer.error ?? 'no answer') }
    : { options, label, gflops: answer.gflops };
}

function lastLine(printed: string): string {
  return printed.trim().split('\n').at(-1) ?? '';
}

/** The runtime puts its source location before what it has to say; an administrator needs the latter. */
function summary(message: string): string {
  const short = message.replace(/\/onnxruntime_src\/\S+ .*?was false\. /s, '').replace(/\s+/g, ' ');
  return short.length > 300 ? `${short.slice(0, 300)} ...` : short;
}
