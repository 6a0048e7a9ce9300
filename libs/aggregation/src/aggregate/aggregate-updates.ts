import { type BlobHash, type SiteId } from '@fedistl/core';
import { type AggregationRule, type NormBound } from '@fedistl/protocol';
import { AggregationError } from '../aggregation.errors';
import { requireEnoughSites } from '../rules/rule-conditions';
import { type Pass, type PassResult, type PassRunner, type PassSite } from './pass';
import { checkReading, type RefusedUpdate } from './reading-check';
import { runRule } from './run-rule';

export interface AggregationInput {
  readonly siteId: SiteId;
  /** Hash that the site signed. */
  readonly blobHash: BlobHash;
  /** From `siteWeights`. */
  readonly weight: number;
}

export interface AggregationRequest {
  readonly rule: AggregationRule;
  readonly normBound: NormBound | null;
  /** Ascending by site, each once; the runner's updates in the same order. */
  readonly inputs: readonly AggregationInput[];
}

export interface SiteContribution {
  readonly siteId: SiteId;
  readonly blobHash: BlobHash;
  /** L2 norm of the update as sent. */
  readonly norm: number;
  /** Factor that the norm bound put on it, at most 1. */
  readonly scale: number;
  /** Share in the result where the rule has shares (FedAvg, Krum, geometric median), else null. */
  readonly share: number | null;
}

export interface AggregatedUpdate {
  /** The flat aggregated update. May lie in shared memory. */
  readonly delta: Float32Array;
  readonly contributions: readonly SiteContribution[];
  /** Updates that turned out bad while they were read; the result does not contain them. */
  readonly refused: readonly RefusedUpdate[];
}

/**
 * Makes one update of many. Every pass hashes what it folds: an update whose bytes do not have the signed hash, are not
 * finite, are zero or break the norm bound is refused, and the aggregation starts over without it. So the result is the
 * rule's value on exactly the good updates, whatever the order of arrival, the chunks or the threads.
 *
 * @throws AggregationError `AGGREGATION.TOO_FEW_SITES`, `AGGREGATION.UNSORTED`, `AGGREGATION.NO_WEIGHT`
 */
export async function aggregateUpdates(runner: PassRunner, request: AggregationRequest): Promise<AggregatedUpdate> {
  requireSorted(request.inputs);
  const refused: RefusedUpdate[] = [];
  let sources = request.inputs.map((_, source) => source);
  for (;;) {
    requireEnoughSites(request.rule, Math.max(1, sources.length));
    if (sources.length === 0) throw noneLeft(refused);
    const attempt = await attemptWith(runner, request, sources);
    if (attempt.kind === 'done') return { delta: attempt.delta, contributions: attempt.contributions, refused };
    refused.push(...attempt.refused);
    const bad = new Set(attempt.refused.map(({ siteId }) => siteId));
    sources = sources.filter((source) => !bad.has(inputAt(request, source).siteId));
  }
}

type Attempt =
  | { readonly kind: 'done'; readonly delta: Float32Array; readonly contributions: SiteContribution[] }
  | { readonly kind: 'refused'; readonly refused: RefusedUpdate[] };

/** Thrown through the rule when a pass meets a bad update; caught right here. */
class BadUpdates extends Error {
  constructor(readonly refused: RefusedUpdate[]) {
    super('bad updates');
  }
}

async function attemptWith(runner: PassRunner, request: AggregationRequest, sources: number[]): Promise<Attempt> {
  const inputs = sources.map((source) => inputAt(request, source));
  let norms: number[] = [];
  const checkedRun = async (pass: Pass): Promise<PassResult> => {
    const result = await runner.run(pass);
    const refused = pass.sites.flatMap(({ source }, i) =>
      checkReading(inputAt(request, source), result.readings[i], request.normBound),
    );
    if (refused.length > 0) throw new BadUpdates(refused);
    if (pass.sites.length === sources.length) norms = result.readings.map(({ squaredNorm }) => Math.sqrt(squaredNorm));
    return result;
  };
  try {
    const sites = await clippedSites(checkedRun, request, sources, () => norms);
    const { delta, shares } = await runRule(
      checkedRun,
      request.rule,
      sites,
      inputs.map(({ weight }) => weight),
    );
    const contributions = inputs.map(({ siteId, blobHash }, i) => ({
      siteId,
      blobHash,
      norm: norms[i] ?? 0,
      scale: sites[i]?.scale ?? 1,
      share: shares === null ? null : (shares[i] ?? 0),
    }));
    return { kind: 'done', delta, contributions };
  } catch (error) {
    if (error instanceof BadUpdates) return { kind: 'refused', refused: error.refused };
    throw error;
  }
}

/** The sites of a pass, each with the factor that brings its norm down to the bound. Costs a pass of its own. */
async function clippedSites(
  run: PassRunner['run'],
  { normBound }: AggregationRequest,
  sources: readonly number[],
  norms: () => readonly number[],
): Promise<PassSite[]> {
  if (normBound?.action !== 'clip') return sources.map((source) => ({ source, scale: 1 }));
  await run({ sites: sources.map((source) => ({ source, scale: 1 })), operation: { kind: 'inspect' } });
  return sources.map((source, i) => ({ source, scale: Math.min(1, normBound.limit / (norms()[i] ?? Infinity)) }));
}

function inputAt({ inputs }: AggregationRequest, source: number): AggregationInput {
  const input = inputs[source];
  if (input === undefined) throw new AggregationError('AGGREGATION.UNSORTED', `expected update ${source}, got none`);
  return input;
}

function requireSorted(inputs: readonly AggregationInput[]): void {
  inputs.forEach(({ siteId }, i) => {
    const before = inputs[i - 1]?.siteId;
    if (before === undefined || before < siteId) return;
    throw new AggregationError('AGGREGATION.UNSORTED', `expected sites ascending, each once, got ${before}, ${siteId}`);
  });
}

function noneLeft(refused: readonly RefusedUpdate[]): AggregationError {
  const reasons = refused.map(({ siteId, code }) => `${siteId} ${code}`).join(', ');
  return new AggregationError('AGGREGATION.TOO_FEW_SITES', `expected at least 1 good update, got none: ${reasons}`);
}
