import { type AggregationRule } from '@fedistl/protocol';
import { AggregationError } from '../aggregation.errors';
import { DistanceMatrix } from '../rules/distance-matrix';
import { geometricMedianCoefficients } from '../rules/geometric-median';
import { selectBulyan, selectKrum } from '../rules/krum';
import { trimmedAtEachEnd } from '../rules/rule-conditions';
import { type PassOperation, type PassRunner, type PassSite } from './pass';

export interface RuleResult {
  readonly delta: Float32Array;
  /** Share of each site in the result; null for rules that choose per coordinate. */
  readonly shares: readonly number[] | null;
}

type Run = PassRunner['run'];

/**
 * A rule as one or two passes: those that look at whole updates first take all pairwise distances, decide on n numbers, and
 * then fold.
 */
export async function runRule(
  run: Run,
  rule: AggregationRule,
  sites: readonly PassSite[],
  weights: readonly number[],
): Promise<RuleResult> {
  const n = sites.length;
  switch (rule.name) {
    case 'fedavg':
      return weightedMean(run, sites, weights);
    case 'median':
      return perCoordinate(run, sites, { kind: 'trimmed-mean', trim: Math.floor((n - 1) / 2) });
    case 'trimmed-mean':
      return perCoordinate(run, sites, { kind: 'trimmed-mean', trim: trimmedAtEachEnd(rule.trimFraction, n) });
    case 'krum':
      return meanOf(run, sites, selectKrum(await distances(run, sites), rule.byzantine, 1));
    case 'multi-krum': {
      const selected = Math.min(n, rule.selected ?? n - rule.byzantine - 2);
      return meanOf(run, sites, selectKrum(await distances(run, sites), rule.byzantine, selected));
    }
    case 'bulyan': {
      const chosen = selectBulyan(await distances(run, sites), rule.byzantine);
      const keep = chosen.length - 2 * rule.byzantine;
      return perCoordinate(run, pick(sites, chosen), { kind: 'mean-around-median', keep });
    }
    case 'geometric-median': {
      const { maximumIterations, smoothing } = rule;
      const positive = weights.map((weight, i) => ({ weight, i })).filter(({ weight }) => weight > 0);
      const matrix = await distances(
        run,
        pick(
          sites,
          positive.map(({ i }) => i),
        ),
      );
      const coefficients = geometricMedianCoefficients(matrix, {
        weights: positive.map(({ weight }) => weight),
        maximumIterations,
        smoothing,
      });
      const all = weights.map(() => 0);
      positive.forEach(({ i }, k) => (all[i] = coefficients[k] ?? 0));
      return weightedMean(run, sites, all);
    }
  }
}

function pick(sites: readonly PassSite[], rows: readonly number[]): PassSite[] {
  return sites.filter((_, i) => rows.includes(i));
}

async function distances(run: Run, sites: readonly PassSite[]): Promise<DistanceMatrix> {
  const { squaredDistances } = await run({ sites, operation: { kind: 'distances' } });
  if (squaredDistances === null) throw missing('distances');
  return new DistanceMatrix(sites.length, squaredDistances);
}

async function perCoordinate(run: Run, sites: readonly PassSite[], operation: PassOperation): Promise<RuleResult> {
  const { output } = await run({ sites, operation });
  if (output === null) throw missing('an update');
  return { delta: output, shares: null };
}

async function weightedMean(run: Run, sites: readonly PassSite[], weights: readonly number[]): Promise<RuleResult> {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) {
    throw new AggregationError('AGGREGATION.NO_WEIGHT', `expected a positive total weight, got ${total}`);
  }
  const { delta } = await perCoordinate(run, sites, { kind: 'weighted-mean', weights });
  return { delta, shares: weights.map((weight) => weight / total) };
}

/** The plain mean of some of the sites. Only they are read. */
async function meanOf(run: Run, sites: readonly PassSite[], chosen: readonly number[]): Promise<RuleResult> {
  const { delta } = await weightedMean(
    run,
    pick(sites, chosen),
    chosen.map(() => 1),
  );
  return { delta, shares: sites.map((_, i) => (chosen.includes(i) ? 1 / chosen.length : 0)) };
}

function missing(what: string): AggregationError {
  return new AggregationError('AGGREGATION.RUNNER', `expected ${what} from the pass runner, got none`);
}
