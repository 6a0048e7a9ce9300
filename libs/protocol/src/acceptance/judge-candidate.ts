import { type SiteId } from '@fedistl/core';
import { type EvaluationReport } from '../messages/evaluation-report.schema';
import { type AcceptancePlan } from '../plan/acceptance-plan.schema';
import { type CandidateQuestion, type RejectionReason } from './candidate-question';
import { type Judgement, type PooledDifference, type SiteVerdict } from './judgement.schema';
import { poolDifferences, poolingShares, siteDifference } from './pooled-difference';
import { reportFaults } from './report-faults';
import { simultaneousConfidence, siteVerdict } from './site-verdict';

export interface JudgedCandidate {
  /** Every reason against; none: the candidate is promoted. */
  readonly reasons: RejectionReason[];
  readonly judgement: Judgement;
}

/**
 * The plan's acceptance rule, `rule.sites` (docs/adr/0006-acceptance-by-pooled-difference.md). Non-inferior at one-sided
 * confidence c means: the lower end of the two-sided interval at 2c - 1, or wider, lies above minus the margin.
 *
 * `each-non-inferior`: every site that can measure finds the candidate non-inferior. `none-worse`: no site is shown worse
 * (`siteVerdict`), and the difference pooled over the sites is non-inferior. Either way enough sites must be able to measure;
 * one whose hold-out has fewer than two images of a class has no AUC and does not count. For a first model there is nothing to
 * compare with; then the number of sites alone decides.
 *
 * Pure; the order of the reports does not matter.
 */
export function judgeCandidate(question: CandidateQuestion): JudgedCandidate {
  const { rule, referenceHash } = question;
  const reports = question.reports.toSorted((a, b) => (a.siteId < b.siteId ? -1 : 1));
  const faults = onePerSite(reports.flatMap((report) => reportFaults(report, question)));
  const faulty = new Set(faults.map(({ siteId }) => siteId));
  const fit = reports.filter(({ siteId, auc }) => auc !== null && !faulty.has(siteId));
  const differences = fit.flatMap((report) => siteDifference(report) ?? []);
  const shares = poolingShares(differences, rule.sites === 'none-worse' ? rule.capMultipleOfMedian : null);
  const pooledDifference = poolDifferences(differences, shares, rule.confidence);
  const confidence = simultaneousConfidence(rule.confidence, differences.length);
  const verdicts = new Map<SiteId, SiteVerdict>(
    referenceHash === null
      ? fit.map(({ siteId }) => [siteId, 'measured'])
      : differences.map((one) => [one.siteId, siteVerdict(one, { margin: rule.nonInferiorityMargin, confidence })]),
  );
  const weights = new Map(differences.map(({ siteId }, i) => [siteId, shares[i] ?? 0]));
  const sites = [...new Set(reports.map(({ siteId }) => siteId))].map((siteId) => ({
    siteId,
    verdict: verdicts.get(siteId) ?? ('not-counted' as const),
    weight: weights.get(siteId) ?? 0,
  }));
  const judgement = { sites, pooledDifference };
  const against = referenceHash === null ? [] : objections(rule, fit, judgement);
  return { reasons: [...faults, ...against, ...tooFewSites(verdicts.size, rule)], judgement };
}

/** What speaks against a candidate that is compared with a teacher. */
function objections(
  rule: AcceptancePlan,
  fit: readonly EvaluationReport[],
  { sites, pooledDifference }: Judgement,
): RejectionReason[] {
  const verdictOf = new Map(sites.map(({ siteId, verdict }) => [siteId, verdict]));
  if (rule.sites === 'each-non-inferior') {
    return fit
      .filter(({ siteId }) => verdictOf.get(siteId) !== 'non-inferior')
      .map((report) => mayBeWorse(report, rule.nonInferiorityMargin));
  }
  const worse = fit.filter(({ siteId }) => verdictOf.get(siteId) === 'worse').map(shownWorse);
  return [...worse, ...pooledMayBeWorse(pooledDifference, rule.nonInferiorityMargin)];
}

function mayBeWorse({ siteId, aucDifference }: EvaluationReport, margin: number): RejectionReason {
  const may = aucDifference === null ? 'no difference is reported' : `it may fall by ${shown(-aucDifference.low)}`;
  const message = `expected the AUC at ${siteId} to fall by less than ${margin}, ${may}`;
  return { code: 'ACCEPTANCE.MAY_BE_WORSE', siteId, message };
}

function shownWorse({ siteId, aucDifference }: EvaluationReport): RejectionReason {
  const message = `expected no site where the AUC is shown to fall, at ${siteId} it falls by ${shown(-(aucDifference?.value ?? 0))}`;
  return { code: 'ACCEPTANCE.SITE_WORSE', siteId, message };
}

function pooledMayBeWorse(pooled: PooledDifference | null, margin: number): RejectionReason[] {
  // Without a site that compares, `ACCEPTANCE.TOO_FEW_SITES` says so.
  if (pooled === null || pooled.low > -margin) return [];
  const message = `expected the AUC over all sites to fall by less than ${margin}, it may fall by ${shown(-pooled.low)}`;
  return [{ code: 'ACCEPTANCE.POOLED_MAY_BE_WORSE', siteId: null, message }];
}

function tooFewSites(sites: number, { minimumSites }: AcceptancePlan): RejectionReason[] {
  if (sites >= minimumSites) return [];
  const message = `expected reports that count from at least ${minimumSites} sites, got ${sites}`;
  return [{ code: 'ACCEPTANCE.TOO_FEW_SITES', siteId: null, message }];
}

/** Two reports of a site have the same faults twice. */
function onePerSite(faults: readonly RejectionReason[]): RejectionReason[] {
  return [...new Map(faults.map((fault) => [`${fault.siteId ?? ''} ${fault.code}`, fault])).values()];
}

const shown = (difference: number): string => String(Number(difference.toFixed(4)));
