import { type ParsedAnswer } from '@fedistl/protocol';
import { type DemoReport, generationResults } from './demo-report';
import { reportText } from './report-text';

const auc = { value: 0.81, low: 0.7, high: 0.9 };
const matrix = {
  generations: [
    {
      generation: 1,
      candidateHash: 'b'.repeat(64),
      decision: 'rejected',
      pooledAuc: null,
      judgement: {
        sites: [{ siteId: 'site-2', verdict: 'worse', weight: 1 }],
        pooledDifference: { value: -0.1, low: -0.15, high: -0.05, confidence: 0.9 },
      },
      reasons: [{ code: 'ACCEPTANCE.SITE_WORSE', message: 'at site-2' }],
      reports: [],
    },
    {
      generation: 0,
      candidateHash: 'a'.repeat(64),
      decision: 'promoted',
      pooledAuc: auc,
      judgement: { sites: [{ siteId: 'site-1', verdict: 'measured', weight: 0 }], pooledDifference: null },
      reasons: [],
      reports: ['site-2', 'site-1'].map((siteId) => ({
        report: { siteId, auc: siteId === 'site-1' ? auc : null, holdOut: { patients: 9, positives: 5, negatives: 7 } },
      })),
    },
  ],
} as unknown as ParsedAnswer<'studyEvaluations'>;

it('lists generations in order, promoted or not, by site', () => {
  const generations = generationResults(matrix);
  expect(generations.map(({ generation, promoted }) => [generation, promoted])).toEqual([
    [0, true],
    [1, false],
  ]);
  expect(generations[0]!.sites).toEqual([
    { siteId: 'site-1', auc, images: 12 },
    { siteId: 'site-2', auc: null, images: 12 },
  ]);
  const report: DemoReport = {
    synthetic: true,
    studyId: 'demo',
    generations,
    confidence: 0.9,
    seconds: 100.4,
    secondsToFirstTeacher: 31,
    bytesMoved: { 'site-1': { sent: 2 ** 20, received: 2 ** 21 } },
    killed: { siteId: 'site-2', generation: 1, step: 7 },
    ledger: { verified: false, entries: 12, checkpoints: 3 },
    coordinator: 'http://127.0.0.1:1',
  };
  const text = reportText(report);
  expect(text).toContain('90 % interval, of SYNTHETIC');
  expect(text).toMatch(/0 \(labels\) +0\.810 \(0\.700-0\.900\) +- +0\.810 .* promoted/);
  expect(text).toMatch(/1 +- +- +- +rejected/);
  expect(text).toContain('generation 1: ACCEPTANCE.SITE_WORSE: at site-2');
  expect(text).toContain('generation 0: site-1 measured\n');
  expect(text).toContain('generation 1: pooled difference -0.100 (-0.150 to -0.050); site-2 worse\n');
  expect(text).toContain('NOT VERIFIED');
});
