import { execFile } from 'node:child_process';
import os from 'node:os';
import { promisify } from 'node:util';
import { chooseEngine, type EngineChoice, type EngineProbe, runtimeVersions } from '@fedistl/compute';
import { type Command } from 'commander';

interface DoctorReport {
  readonly system: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly gpus: readonly string[];
  readonly engines: readonly { readonly engine: string; readonly gflops?: number; readonly problem?: string }[];
  readonly auto: string;
  readonly advice: readonly string[];
}

/** `fedistl doctor`: what this machine can compute with, and what to install to make it faster. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('show engines, devices, memory and versions, and what to install for a faster engine')
    .option('--json', 'print one JSON object', false)
    .action(async ({ json }: { readonly json: boolean }) => {
      if (!json) process.stderr.write('trying the engines, each in a process of its own ...\n');
      const report = await examine();
      process.stdout.write(json ? `${JSON.stringify(report)}\n` : text(report));
    });
}

async function examine(): Promise<DoctorReport> {
  const choice = await chooseEngine();
  const gpus = await nvidiaGpus();
  const GiB = 2 ** 30;
  return {
    system: {
      platform: `${os.type()} ${os.release()} ${os.arch()}`,
      processor: `${os.cpus()[0]?.model ?? 'unknown'}, ${os.availableParallelism()} usable cores`,
      memory: `${(os.totalmem() / GiB).toFixed(1)} GiB, ${(os.freemem() / GiB).toFixed(1)} GiB free`,
    },
    versions: { node: process.version, ...runtimeVersions() },
    gpus,
    engines: choice.probes.map(({ label, gflops, problem }) => ({
      engine: label,
      ...(gflops === undefined ? {} : { gflops: Math.round(gflops) }),
      ...(problem === undefined ? {} : { problem }),
    })),
    auto: choice.reason,
    advice: advice(choice, gpus),
  };
}

function advice({ probes }: EngineChoice, gpus: readonly string[]): string[] {
  const found = (label: string): EngineProbe | undefined => probes.find((probe) => probe.label === label);
  const lines: string[] = [];
  if (found('onnxruntime-webgpu')?.gflops === undefined) {
    lines.push(
      'WebGPU: install the Vulkan driver of your GPU and the Vulkan loader (Debian and Ubuntu: libvulkan1), nothing else is needed.',
    );
  }
  if (gpus.length > 0 && found('onnxruntime-cuda')?.gflops === undefined) {
    lines.push(
      'CUDA: install CUDA 12 and cuDNN 9, then fetch the CUDA provider once with `ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js`.',
    );
  }
  if (found('tensorflow') === undefined) {
    lines.push(
      'TensorFlow (NVIDIA): `npm install @tensorflow/tfjs-node-gpu`, or build it against a current TensorFlow: deploy/tensorflow/README.md.',
    );
  }
  return lines;
}

/** Names, memory and driver versions of NVIDIA GPUs; none where their tool is not installed. */
async function nvidiaGpus(): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', [
      '--query-gpu=name,memory.total,driver_version',
      '--format=csv,noheader',
    ]);
    return stdout.trim().split('\n').filter(Boolean);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    return [
      `nvidia-smi is installed but failed: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
    ];
  }
}

function text({ system, versions, gpus, engines, auto, advice: lines }: DoctorReport): string {
  const row = ([key, value]: readonly [string, string]): string => `  ${key.padEnd(20)} ${value}`;
  const speed = ({ engine, gflops, problem }: DoctorReport['engines'][number]): string =>
    row([engine, gflops === undefined ? `not available: ${problem ?? ''}` : `${gflops} GFLOP/s on a matrix product`]);
  return [
    'System',
    ...Object.entries(system).map(row),
    'Versions',
    ...Object.entries(versions).map(row),
    'NVIDIA GPUs',
    ...(gpus.length === 0 ? ['  none found'] : gpus.map((gpu) => `  ${gpu}`)),
    'Engines',
    ...engines.map(speed),
    `--engine auto takes ${auto}`,
    ...(lines.length === 0 ? [] : ['To make it faster', ...lines.map((line) => `  ${line}`)]),
    '',
  ].join('\n');
}
