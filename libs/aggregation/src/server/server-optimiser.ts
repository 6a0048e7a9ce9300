import { type ServerOptimiser } from '@fedistl/protocol';
import { AggregationError } from '../aggregation.errors';

/** The running moments a server optimiser keeps between rounds, one value a parameter; null where it keeps none. */
export interface ServerMoments {
  readonly first: Float32Array | null;
  readonly second: Float32Array | null;
}

export interface ServerStep extends ServerMoments {
  /** Parameters before the step; overwritten with those after it. */
  readonly parameters: Float32Array;
  /** The aggregated update: the mean change of the parameters over the sites. */
  readonly delta: Float32Array;
  /** Steps taken before this one. */
  readonly step: number;
}

/** Which moments an optimiser keeps. They start at zero. */
export function keptMoments({ name }: ServerOptimiser): { readonly first: boolean; readonly second: boolean } {
  const adaptive = name === 'fedadagrad' || name === 'fedadam' || name === 'fedyogi';
  return { first: name === 'fedavgm' || adaptive, second: adaptive };
}

/**
 * One step of the server's optimiser, in place (Reddi et al., Adaptive Federated Optimization, arXiv 2003.00295,
 * Algorithm 2; FedAvgM: Hsu et al., arXiv 1909.06335). Every coordinate stands alone, so a model may be stepped in pieces of
 * any size. float64 inside, one rounding to float32 for each stored value. With t = step + 1:
 *
 * - FedAvg: x += eta d
 * - FedAvgM: m = beta m + d; x += eta m
 * - FedAdagrad: m = b1 m + (1 - b1) d; v += d^2; x += eta m / (sqrt(v) + tau)
 * - FedAdam: as above with v = b2 v + (1 - b2) d^2; with bias correction eta becomes
 *   eta sqrt(1 - b2^(t+1)) / (1 - b1^(t+1)), the exponent of Flower, whose rounds count from 1
 * - FedYogi: v -= (1 - b2) d^2 sign(v - d^2)
 *
 * @throws AggregationError `AGGREGATION.BAD_SIZE` when the arrays' lengths differ or a needed moment is missing
 */
export function stepServer(optimiser: ServerOptimiser, step: ServerStep): void {
  checkLengths(optimiser, step);
  switch (optimiser.name) {
    case 'fedavg': {
      addScaled(step, optimiser.learningRate);
      return;
    }
    case 'fedavgm': {
      stepMomentum(step, optimiser.learningRate, optimiser.momentum);
      return;
    }
    case 'fedadagrad': {
      stepAdaptive(step, optimiser, optimiser.learningRate, (v, squared) => v + squared);
      return;
    }
    case 'fedadam': {
      const { beta1, beta2, biasCorrection, learningRate } = optimiser;
      const exponent = step.step + 2;
      const rate = biasCorrection
        ? (learningRate * Math.sqrt(1 - beta2 ** exponent)) / (1 - beta1 ** exponent)
        : learningRate;
      stepAdaptive(step, optimiser, rate, (v, squared) => beta2 * v + (1 - beta2) * squared);
      return;
    }
    case 'fedyogi': {
      const { beta2, learningRate } = optimiser;
      stepAdaptive(step, optimiser, learningRate, (v, squared) => v - (1 - beta2) * squared * Math.sign(v - squared));
      return;
    }
  }
}

function addScaled({ parameters, delta }: ServerStep, rate: number): void {
  for (let i = 0; i < parameters.length; i++) parameters[i] = (parameters[i] ?? 0) + rate * (delta[i] ?? 0);
}

function stepMomentum({ parameters, delta, first }: ServerStep, rate: number, momentum: number): void {
  if (first === null) return;
  for (let i = 0; i < parameters.length; i++) {
    const m = momentum * (first[i] ?? 0) + (delta[i] ?? 0);
    first[i] = m;
    parameters[i] = (parameters[i] ?? 0) + rate * m;
  }
}

function stepAdaptive(
  { parameters, delta, first, second }: ServerStep,
  { beta1, tau }: { readonly beta1: number; readonly tau: number },
  rate: number,
  nextSecond: (v: number, squared: number) => number,
): void {
  if (first === null || second === null) return;
  for (let i = 0; i < parameters.length; i++) {
    const d = delta[i] ?? 0;
    const m = beta1 * (first[i] ?? 0) + (1 - beta1) * d;
    const v = nextSecond(second[i] ?? 0, d * d);
    first[i] = m;
    second[i] = v;
    parameters[i] = (parameters[i] ?? 0) + (rate * m) / (Math.sqrt(v) + tau);
  }
}

function checkLengths(optimiser: ServerOptimiser, { parameters, delta, first, second }: ServerStep): void {
  const kept = keptMoments(optimiser);
  const lengths = [
    delta.length,
    kept.first ? first?.length : parameters.length,
    kept.second ? second?.length : parameters.length,
  ];
  if (lengths.every((length) => length === parameters.length)) return;
  throw new AggregationError(
    'AGGREGATION.BAD_SIZE',
    `expected update and moments of ${parameters.length} values for ${optimiser.name}, got ${lengths.join(', ')}`,
  );
}
