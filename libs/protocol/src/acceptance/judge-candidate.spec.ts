import { type EvaluationReport } from '../messages/evaluation-report.schema';
import { type AcceptancePlan } from '../plan/acceptance-plan.schema';
import { type CandidateQuestion } from './candidate-question';
import { judgeCandidate } from './judge-candidate';
import { candidateHash, referenceHash, siteReport } from './testing/site-report';

const shared = { metric: 'auc', nonInferiorityMargin: 0.02, confidence: 0.95, minimumSites: 3 } as const;
const each: AcceptancePlan = { sites: 'each-non-inferior', ...shared };
const noneWorse: AcceptancePlan = { sites: 'none-worse', ...shared, capMultipleOfMedian: 4 };
const good = ['a1', 'b2', 'c3'].map((site) => siteReport(site, 0, 0.01));
const ask = (rule: AcceptancePlan, reports: readonly EvaluationReport[], change: Partial<CandidateQuestion> = {}) =>
  judgeCandidate({ rule, candidateHash, referenceHash, reports, ...change });
const codes = (...question: Parameters<typeof ask>) =>
  ask(...question).reasons.map(({ code, siteId }) => [code, siteId]);
const verdicts = (...question: Parameters<typeof ask>) =>
  Object.fromEntries(ask(...question).judgement.sites.map(({ siteId, verdict }) => [siteId, verdict]));
const oneClass = siteReport('d4', -0.5, 0.1, {
  holdOut: { patients: 10, positives: 0, negatives: 10 },
  ...{ auc: null, aucVariance: null, aucDifference: null },
});
const rules = [each, noneWorse].map((rule) => [rule.sites, rule] as const);

describe.each(rules)('acceptance of a candidate by %s', (_name, rule) => {
  it('needs enough sites that measured', () => {
    expect(codes(rule, good)).toEqual([]);
    expect(codes(rule, good.slice(1))).toEqual([['ACCEPTANCE.TOO_FEW_SITES', null]]);
    expect(codes(rule, [])).toEqual([['ACCEPTANCE.TOO_FEW_SITES', null]]);
  });

  it('does not count a site without both classes, nor let it object', () => {
    expect(codes(rule, [...good, oneClass])).toEqual([]);
    expect(codes(rule, [...good.slice(1), oneClass])).toEqual([['ACCEPTANCE.TOO_FEW_SITES', null]]);
    expect(ask(rule, [...good, oneClass]).judgement.sites.at(-1)).toEqual({
      ...{ siteId: 'd4', verdict: 'not-counted', weight: 0 },
    });
  });

  it('takes no narrower interval than the rule asks, and no report twice or about other models', () => {
    const narrow = siteReport('d4', 0, 0.01, { confidence: 0.8 });
    expect(codes(rule, [...good, narrow])).toEqual([['ACCEPTANCE.INTERVAL_TOO_NARROW', 'd4']]);
    const d4 = siteReport('d4', 0, 0.01);
    expect(codes(rule, [...good, d4, d4])).toEqual([['ACCEPTANCE.TWO_REPORTS', 'd4']]);
    const other = siteReport('d4', 0, 0.01, { candidateHash: referenceHash });
    expect(codes(rule, [...good, other])).toEqual([['ACCEPTANCE.OTHER_MODEL', 'd4']]);
    expect(verdicts(rule, [...good, other])['d4']).toBe('not-counted');
  });

  it('asks of a first model only that enough sites measured it', () => {
    const first = good.map((report) => ({ ...report, referenceHash: null, aucDifference: null }));
    const alone = { referenceHash: null };
    expect(codes(rule, first, alone)).toEqual([]);
    expect(codes(rule, first.slice(1), alone)).toEqual([['ACCEPTANCE.TOO_FEW_SITES', null]]);
    expect(verdicts(rule, first, alone)).toEqual({ a1: 'measured', b2: 'measured', c3: 'measured' });
    expect(ask(rule, first, alone).judgement.pooledDifference).toBeNull();
  });
});

describe('each-non-inferior', () => {
  it('is stopped by one site that may be worse by the margin', () => {
    expect(codes(each, [...good, siteReport('d4', 0.01, 0.031)])).toEqual([['ACCEPTANCE.MAY_BE_WORSE', 'd4']]);
    const none = siteReport('d4', 0, 0.01, { aucDifference: null });
    expect(codes(each, [...good, none])).toEqual([['ACCEPTANCE.MAY_BE_WORSE', 'd4']]);
  });
});

describe('none-worse', () => {
  it('is not stopped by a small hold-out that shows nothing', () => {
    const small = siteReport('d4', -0.03, 0.2, { holdOut: { patients: 9, positives: 4, negatives: 5 } });
    expect(codes(each, [...good, small])).toEqual([['ACCEPTANCE.MAY_BE_WORSE', 'd4']]);
    expect(codes(noneWorse, [...good, small])).toEqual([]);
    expect(verdicts(noneWorse, [...good, small])).toMatchObject({ a1: 'non-inferior', d4: 'inconclusive' });
  });

  it('is stopped by a site that is shown worse, but not by a loss that is shown to be within the margin', () => {
    expect(codes(noneWorse, [...good, siteReport('d4', -0.08, 0.05)])).toContainEqual(['ACCEPTANCE.SITE_WORSE', 'd4']);
    const within = siteReport('d4', -0.01, 0.005);
    expect(codes(noneWorse, [...good, within])).toEqual([]);
    expect(verdicts(noneWorse, [...good, within])['d4']).toBe('non-inferior');
  });

  it('asks more of one site among many, so that chance alone finds none worse', () => {
    // 1.75 standard errors below zero: past the 1.64 of one site, short of the 2.23 of four together.
    const below = siteReport('d4', -0.035, 0.0329);
    expect(codes({ ...noneWorse, minimumSites: 1 }, [below])).toContainEqual(['ACCEPTANCE.SITE_WORSE', 'd4']);
    expect(verdicts(noneWorse, [...good, below])['d4']).toBe('inconclusive');
  });

  it('is stopped when the pooled difference may be a loss of the margin', () => {
    const unsure = ['a1', 'b2', 'c3'].map((site) => siteReport(site, -0.005, 0.04));
    expect(codes(noneWorse, unsure)).toEqual([['ACCEPTANCE.POOLED_MAY_BE_WORSE', null]]);
    const { value, low, high, confidence } = ask(noneWorse, unsure).judgement.pooledDifference!;
    expect([value, low, high]).toEqual([-0.005, -0.005 - 0.04 / Math.sqrt(3), -0.005 + 0.04 / Math.sqrt(3)].map(near));
    expect(confidence).toBe(0.9);
  });

  it('pools one site to its own interval', () => {
    const { judgement, reasons } = ask({ ...noneWorse, minimumSites: 1 }, good.slice(0, 1));
    expect(reasons).toEqual([]);
    expect(judgement.pooledDifference).toEqual({
      ...{ value: near(0), low: near(-0.01), high: near(0.01), confidence: 0.9 },
    });
    expect(judgement.sites).toEqual([{ siteId: 'a1', verdict: 'non-inferior', weight: 1 }]);
  });

  it('counts no site that measured but compares nothing, or whose interval is all there can be', () => {
    const silent = siteReport('d4', 0, 0.01, { aucDifference: null });
    const wide = siteReport('e5', 0, 3);
    expect(codes(noneWorse, [...good, silent, wide])).toEqual([]);
    expect(codes(noneWorse, [...good.slice(1), silent, wide])).toEqual([['ACCEPTANCE.TOO_FEW_SITES', null]]);
    expect(verdicts(noneWorse, [...good, silent, wide])).toMatchObject({ d4: 'not-counted', e5: 'not-counted' });
  });

  it('caps what a hold-out weighs by a multiple of the median', () => {
    const large = { patients: 9000, positives: 4000, negatives: 6000 };
    const weights = (rule: AcceptancePlan, sites: readonly EvaluationReport[]) =>
      ask(rule, sites).judgement.sites.map(({ weight }) => weight);
    const sites = [...good.slice(1), siteReport('d4', 0, 0.001, { holdOut: large })];
    expect(weights(noneWorse, sites)).toEqual([1 / 6, 1 / 6, 4 / 6].map(near));
    expect(weights({ ...noneWorse, capMultipleOfMedian: null }, sites)[2]).toBeCloseTo(100 / 102);
    // One of two: the smaller is the measure.
    expect(weights(noneWorse, sites.slice(1))).toEqual([1 / 5, 4 / 5].map(near));
  });
});

const near = (value: number): number => expect.closeTo(value, 9) as number;
