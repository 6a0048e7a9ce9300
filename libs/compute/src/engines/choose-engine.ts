import { ComputeError } from '../compute.errors';
import { type EngineOptions } from './create-engine';
import { candidates, type EngineProbe, probeEngine } from './probe-engines';

export interface EngineChoice {
  readonly options: EngineOptions;
  /** One line for a log: what was chosen and why. */
  readonly reason: string;
  readonly probes: readonly EngineProbe[];
}

/** A GPU has to be clearly faster: small steps do not reach the speed of a large product. */
const WORTHWHILE = 2;

/**
 * `auto`: the engine whose matrix product is fastest here, the CPU where nothing is at least twice as fast as it. Measured
 * rather than read from a list of devices, since a software Vulkan device also calls itself a GPU.
 */
export async function chooseEngine(
  probe: (options: EngineOptions) => Promise<EngineProbe> = probeEngine,
): Promise<EngineChoice> {
  const probes: EngineProbe[] = [];
  for (const options of candidates()) probes.push(await probe(options));
  const working = probes.filter((found) => found.gflops !== undefined);
  const cpu = working.find(({ label }) => label === 'onnxruntime-cpu');
  const fastest = working.reduce<EngineProbe | undefined>(
    (best, found) => ((found.gflops ?? 0) > (best?.gflops ?? 0) ? found : best),
    undefined,
  );
  if (fastest === undefined) {
    const problems = probes.map(({ label, problem }) => `${label}: ${problem ?? ''}`).join('; ');
    throw new ComputeError('COMPUTE.ENGINE_UNAVAILABLE', `no engine runs on this machine (${problems})`);
  }
  const chosen = cpu !== undefined && speed(fastest) < WORTHWHILE * speed(cpu) ? cpu : fastest;
  return { options: chosen.options, reason: reasonFor(chosen, cpu, probes), probes };
}

function reasonFor(chosen: EngineProbe, cpu: EngineProbe | undefined, probes: readonly EngineProbe[]): string {
  const rate = `${chosen.label}: ${speed(chosen).toFixed(0)} GFLOP/s on a matrix product`;
  if (cpu === undefined) return `${rate}; the CPU provider did not run`;
  if (chosen !== cpu) return `${rate}, ${(speed(chosen) / speed(cpu)).toFixed(1)} times the CPU`;
  const others = probes
    .filter((found) => found !== cpu && found.label !== 'wasm')
    .map((found) =>
      found.gflops === undefined ? `${found.label} not available` : `${found.label} ${speed(found).toFixed(0)}`,
    );
  return others.length === 0 ? rate : `${rate}; ${others.join(', ')}`;
}

function speed(found: EngineProbe): number {
  return found.gflops ?? 0;
}
