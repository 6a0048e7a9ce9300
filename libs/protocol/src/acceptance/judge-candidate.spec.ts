import { parseModelHash, parsePlanHash, parseSiteId, parseStudyId } from '@fedistl/core';
import { type EvaluationReport } from '../messages/evaluation-report.schema';
import { type CandidateQuestion, judgeCandidate } from './judge-candidate';

const candidateHash = parseModelHash('a'.repeat(64));
const referenceHash = parseModelHash('b'.repeat(64));
const report = (site: string, low: number, change: Partial<EvaluationReport> = {}): EvaluationReport => ({
  type: 'evaluation-report',
  version: 1,
  studyId: parseStudyId('tb'),
  generation: 1,
  siteId: parseSiteId(site),
  planHash: parsePlanHash('c'.repeat(64)),
  candidateHash,
  referenceHash,
  holdOut: { patients: 100, positives: 40, negatives: 60 },
  confidence: 0.9,
  auc: { value: 0.9, low: 0.85, high: 0.95 },
  aucVariance: 0.001,
  aucDifference: { value: low + 0.01, low, high: low + 0.02 },
  brier: 0.1,
  expectedCalibrationError: 0.02,
  operatingPoints: [],
  nonce: '0'.repeat(32),
  createdAt: '2026-01-01T00:00:00Z',
  ...change,
});
const good = ['a1', 'b2', 'c3'].map((site) => report(site, -0.01));
const judge = (reports: readonly EvaluationReport[], change: Partial<CandidateQuestion> = {}) =>
  judgeCandidate({
    rule: { metric: 'auc', nonInferiorityMargin: 0.02, confidence: 0.95, minimumSites: 3 },
    candidateHash,
    referenceHash,
    reports,
    ...change,
  }).map(({ code, siteId }) => [code, siteId]);

describe('acceptance of a candidate', () => {
  it('needs every site non-inferior and enough sites', () => {
    expect(judge(good)).toEqual([]);
    expect(judge(good.slice(1))).toEqual([['ACCEPTANCE.TOO_FEW_SITES', null]]);
  });

  it('is stopped by one site that may be worse by the margin', () => {
    expect(judge([...good, report('d4', -0.02)])).toEqual([['ACCEPTANCE.WORSE', 'd4']]);
    expect(judge([...good, report('d4', 0, { aucDifference: null })])).toEqual([['ACCEPTANCE.WORSE', 'd4']]);
  });

  it('does not count a site without both classes, nor let it object', () => {
    const oneClass = report('d4', -0.5, {
      holdOut: { patients: 10, positives: 0, negatives: 10 },
      ...{ auc: null, aucVariance: null, aucDifference: null },
    });
    expect(judge([...good, oneClass])).toEqual([]);
    expect(judge([...good.slice(1), oneClass])).toEqual([['ACCEPTANCE.TOO_FEW_SITES', null]]);
  });

  it('takes no narrower interval than the rule asks, and no report twice or about other models', () => {
    expect(judge([...good, report('d4', 0, { confidence: 0.8 })])).toEqual([['ACCEPTANCE.INTERVAL_TOO_NARROW', 'd4']]);
    expect(judge([...good, good[0]!])).toEqual([['ACCEPTANCE.TWO_REPORTS', 'a1']]);
    const other = report('d4', 0, { candidateHash: referenceHash });
    expect(judge([...good, other])).toEqual([['ACCEPTANCE.OTHER_MODEL', 'd4']]);
  });

  it('asks of a first model only that enough sites measured it', () => {
    const first = good.map((each) => ({ ...each, referenceHash: null, aucDifference: null }));
    expect(judge(first, { referenceHash: null })).toEqual([]);
    expect(judge(first.slice(1), { referenceHash: null })).toEqual([['ACCEPTANCE.TOO_FEW_SITES', null]]);
  });
});
