import { createRng, parseModelHash, parsePlanHash, parseSiteId, parseStudyId, type Rng } from '@fedistl/core';
import { delongPairedTest } from '@fedistl/evaluation';
import { type AcceptancePlan, type EvaluationReport, judgeCandidate } from '@fedistl/protocol';

/** The rule on what sites measure, by DeLong's test on scores of hold-outs, in place of normal draws of a known spread. */
const margin = 0.05;
const shared = { metric: 'auc', nonInferiorityMargin: margin, confidence: 0.95, minimumSites: 2 } as const;
const noneWorse: AcceptancePlan = { sites: 'none-worse', ...shared, capMultipleOfMedian: 4 };
const each: AcceptancePlan = { sites: 'each-non-inferior', ...shared };
const [candidateHash, referenceHash] = [parseModelHash('a'.repeat(64)), parseModelHash('b'.repeat(64))];
const DRAWS = 400;

/** Positive and negative images of each site: three small hospitals and one of some size. */
const holdOuts = [
  [12, 24],
  [20, 20],
  [15, 45],
  [60, 90],
] as const;

/** Distance of two normal distributions, spread 1, whose AUC this is (its quantile times sqrt 2), for the AUCs below. */
const distance = { 0.8: 1.19023, 0.85: 1.46576, 0.88: 1.66165 } as const;
type Auc = keyof typeof distance;

/** Scores of teacher and candidate that agree as much as two models of one line do: most of a score is the image's. */
function measure(rng: Rng, site: number, teacher: Auc, candidate: Auc): EvaluationReport {
  const [positives, negatives] = holdOuts[site] ?? [0, 0];
  const labels = Int8Array.from({ length: positives + negatives }, (_, i) => (i < positives ? 1 : 0));
  const image = Array.from(labels, () => rng.normal());
  const scores = (auc: Auc) =>
    Float64Array.from(
      labels,
      (label, i) => label * distance[auc] + 0.9 * (image[i] ?? 0) + Math.sqrt(0.19) * rng.normal(),
    );
  const [scoresA, scoresB] = [scores(candidate), scores(teacher)];
  const { aucA, difference, lower, upper, varianceA } = delongPairedTest({ labels, scoresA, scoresB }, 0.9);
  return {
    ...{ type: 'evaluation-report', version: 1, studyId: parseStudyId('tb'), generation: 1 },
    ...{ siteId: parseSiteId(`site-${site}`), planHash: parsePlanHash('c'.repeat(64)), candidateHash, referenceHash },
    holdOut: { patients: labels.length, positives, negatives },
    confidence: 0.9,
    auc: { value: aucA, low: aucA, high: aucA },
    aucVariance: varianceA,
    aucDifference: { value: difference, low: Math.min(difference, lower), high: Math.max(difference, upper) },
    ...{ brier: null, expectedCalibrationError: null, operatingPoints: [] },
    ...{ nonce: '0'.repeat(32), createdAt: '2026-01-01T00:00:00Z' },
  };
}

/** Share of draws in which each rule promotes a candidate of one AUC everywhere over a teacher of another. */
function promoted(teacher: Auc, candidate: Auc): { noneWorse: number; each: number } {
  const rng = createRng(`${teacher} to ${candidate}`);
  const counts = { noneWorse: 0, each: 0 };
  for (let draw = 0; draw < DRAWS; draw++) {
    const reports = holdOuts.map((_, site) => measure(rng, site, teacher, candidate));
    const accepts = (rule: AcceptancePlan): boolean =>
      judgeCandidate({ rule, candidateHash, referenceHash, reports }).reasons.length === 0;
    if (accepts(noneWorse)) counts.noneWorse++;
    if (accepts(each)) counts.each++;
  }
  return { noneWorse: counts.noneWorse / DRAWS, each: counts.each / DRAWS };
}

it('promotes a candidate that is worse by the margin at every site in about 5 % of cases at most', () => {
  // Beside 0.05, four standard errors of such a share among the draws.
  expect(promoted(0.85, 0.8).noneWorse).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / DRAWS));
});

it('promotes a candidate that is better by 0.03 nearly always, where each site for itself rejects most', () => {
  const better = promoted(0.85, 0.88);
  expect(better.noneWorse).toBeGreaterThan(0.9);
  expect(better.each).toBeLessThan(0.5);
});
