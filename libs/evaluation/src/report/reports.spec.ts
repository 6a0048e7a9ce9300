import { createRng } from '@fedistl/core';
import fc from 'fast-check';
import { delongPairedTest } from '../delong-test';
import { delongInterval } from '../delong';
import { chooseOperatingPoint, fixedOperatingPoint } from '../operating-point';
import { scoreStatistics } from '../score-statistics';
import { comparisonFigures, comparisonReport } from './comparison-report';
import { evaluationFigures, evaluationReport } from './evaluation-report';
import { holmAdjusted } from './holm';
import { type EvaluationRecord, type StressRecord } from './report-types';
import { safeSubgroupTable } from './safe-subgroups';
import { stressFigure } from './stress-figure';
import { stressReport } from './stress-report';

const HOSTILE = '</td><script>alert("x")</script>&';
const rng = createRng('reports');
const labels = Array.from({ length: 300 }, (_, i) => i % 2);
const draw = (shift: number): number[] =>
  labels.map((label) => 1 / (1 + Math.exp(-rng.normal(shift * (label - 0.5), 1))));
const cases = { labels, scores: draw(2) };
const weaker = { labels, scores: draw(0.8) };
const tuning = { purpose: 'validation', name: 'site A, validation split', ...weaker } as const;

const statistics = (scored: typeof cases): EvaluationRecord['statistics'] =>
  scoreStatistics(scored, {
    operatingPoints: [fixedOperatingPoint(0.5), chooseOperatingPoint({ type: 'youden' }, tuning)],
    patients: labels.map((_, i) => `patient-secret-${i >> 1}`),
    rng: createRng(1),
    resamples: 100,
  });

const origin = {
  software: 'fedistl 0.1.0',
  createdAt: '2026-01-02T03:04:05.000Z',
  engine: 'onnxruntime on cpu',
  seed: 1,
  resamples: 100,
  confidence: 0.95,
};
const data = {
  name: HOSTILE,
  fingerprint: 'f'.repeat(64),
  split: 'test',
  positive: 'tuberculosis',
  images: 300,
  patients: 150,
  positives: 150,
  negatives: 150,
  unlabelled: 7,
  quarantined: { lateral_view: 3 },
  quarantineMeanings: { lateral_view: 'a lateral or oblique view' },
  straddlingPatients: 2,
};
const model = {
  name: HOSTILE,
  sha256: 'a'.repeat(64),
  parameters: 3_270_529,
  architecture: 'ViT of 6 blocks',
  preprocessing: { pixels: '64-u8-squash-clinical', size: 64, resize: 'parity', blurRadius: 0.5, source: 'operator' },
} as const;
const groups = labels.map((_, i) => (i < 200 ? HOSTILE : i < 295 ? 'site B' : 'tiny'));
const record: EvaluationRecord = {
  format: 'fedistl.evaluation/1',
  origin,
  model,
  data,
  statistics: statistics(cases),
  subgroups: {
    threshold: 0.5,
    smallest: 10,
    tables: { site: safeSubgroupTable(cases, groups, { threshold: 0.5, smallest: 10 }) },
  },
};
const comparison = {
  format: 'fedistl.comparison/1',
  origin,
  data,
  models: [
    { ...model, statistics: statistics(cases) },
    { ...model, name: 'weaker', statistics: statistics(weaker) },
  ],
  pairs: [
    { a: 0, b: 1, adjustedP: 0.0004, ...delongPairedTest({ labels, scoresA: cases.scores, scoresB: weaker.scores }) },
  ],
} as const;
const stress: StressRecord = {
  format: 'fedistl.stress/1',
  origin,
  data,
  models: [model, { ...model, name: 'weaker' }],
  kinds: ['noise', 'blur', 'gamma', 'shift', 'jpeg'].map((kind) => ({ kind, title: `Some ${kind}`, strength: 'px' })),
  grades: [1, 3],
  cells: ['noise', 'blur', 'gamma', 'shift', 'jpeg'].flatMap((kind) =>
    [cases, weaker].flatMap((scored, k) =>
      [0, 1, 3].map((grade) => {
        const { auc, lower, upper } = delongInterval(scored);
        const change =
          grade === 0 ? null : delongPairedTest({ labels, scoresA: weaker.scores, scoresB: scored.scores });
        return { model: k, kind, grade, strength: grade / 10, auc, lower, upper, change };
      }),
    ),
  ),
};

/** Throws unless every element that opens closes, in order. */
function checkNesting(html: string): void {
  const open: string[] = [];
  for (const [, closing, tag, empty] of html.matchAll(/<(\/?)([a-z]+[0-9]?)[^>]*?(\/?)>/g)) {
    if (tag === 'meta') continue;
    if (closing) expect(open.pop()).toBe(tag);
    else if (!empty) open.push(tag!);
  }
  expect(open).toEqual([]);
}

const PAGES = {
  evaluation: evaluationReport(record, cases),
  comparison: comparisonReport(comparison),
  stress: stressReport(stress),
};

describe.each(Object.entries(PAGES))('the %s report', (_name, html) => {
  it('is one well-formed page that loads nothing and runs nothing', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    checkNesting(html.replace('<!doctype html>', '').replace(/<style>[^]*<\/style>/, ''));
    expect(html).not.toMatch(/<script|<link|<img|<iframe| src=| href=|@import|url\(|NaN|Infinity|undefined|>null</);
    expect(html).toContain("default-src 'none'");
  });

  it('says that it is research software, what was used and how much of it', () => {
    for (const part of ['Research use only', 'not a medical device', 'a'.repeat(64), 'f'.repeat(64), 'fedistl 0.1.0']) {
      expect(html).toContain(part);
    }
    for (const part of ['300: 150 positive, 150 negative', '7 images of the split', 'lateral view', '50.0 %']) {
      expect(html).toContain(part);
    }
    expect(html).toContain('2 patients have images in more than one split');
    expect(html).not.toContain('patient-secret');
  });

  it('has one first heading, and no level is left out', () => {
    const levels = [...html.matchAll(/<h([1-6])>/g)].map((match) => Number(match[1]));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.slice(1).forEach((level, i) => {
      expect(level - levels[i]!).toBeLessThanOrEqual(1);
    });
  });

  it('gives every figure a name and a description, every table a caption and headings', () => {
    const figures = html.split('<figure>').slice(1);
    expect(figures.length).toBeGreaterThan(0);
    for (const figure of figures) expect(figure).toMatch(/role="img" aria-label="[^"]+".*<desc>.+<\/desc>/);
    for (const table of html.split('<table').slice(1)) {
      expect(table).toMatch(/^[^>]*><caption>.+?<\/caption>/);
      expect(table).toContain('scope="row"');
    }
    expect(html.split('<table').length).toBeGreaterThanOrEqual(figures.length);
  });
});

describe('the evaluation report', () => {
  it('prints AUC, measures and thresholds with their intervals and origin', () => {
    const { auc, operatingPoints } = record.statistics;
    const text = PAGES.evaluation;
    expect(text).toContain(auc.auc.toFixed(3));
    expect(text).toContain(`${auc.lower.toFixed(3)} to ${auc.upper.toFixed(3)}`);
    const { sensitivity } = operatingPoints[1]!.metrics;
    expect(text).toContain(
      `${sensitivity.value!.toFixed(3)} (${sensitivity.lower!.toFixed(3)} to ${sensitivity.upper!.toFixed(3)})`,
    );
    expect(text).toContain('chosen on 300 other labelled validation cases (site A, validation split)');
    expect(text).toContain('No image of this set was looked at');
  });

  it('names small groups without numbers, and one more so that nothing is left to subtract', () => {
    expect(PAGES.evaluation.match(/suppressed/g)).toHaveLength(2);
    expect(PAGES.evaluation).toContain('>tiny<');
    expect(PAGES.evaluation).toMatch(/site B<\/th><td>suppressed/);
  });

  it('has a figure of each kind', () => {
    expect([...evaluationFigures(record, cases).keys()]).toEqual(['roc', 'calibration', 'confusion', 'scores']);
    expect([...comparisonFigures(comparison).keys()]).toEqual(['roc', 'calibration']);
  });
});

it('the stress figure keeps within its frame and draws a line for each model and nuisance', () => {
  const svg = stressFigure(stress);
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number) as [number, number, number];
  expect(svg.match(/<polyline/g)).toHaveLength(10);
  for (const [, x] of svg.matchAll(/ (?:x|x1|x2|cx)="([^"]*)"/g)) expect(Number(x)).toBeLessThanOrEqual(width);
  for (const [, y] of svg.matchAll(/ (?:y|y1|y2|cy)="([^"]*)"/g)) expect(Number(y)).toBeLessThanOrEqual(height);
  expect(svg).not.toMatch(/NaN|<script/);
});

describe('holmAdjusted', () => {
  it('gives the numbers of the definition, in the given order, and leaves out what was not tested', () => {
    const adjusted = holmAdjusted([0.01, null, 0.04, 0.03, 0.005]);
    [0.03, null, 0.06, 0.06, 0.02].forEach((expected, i) => {
      if (expected === null) expect(adjusted[i]).toBeNull();
      else expect(adjusted[i]).toBeCloseTo(expected, 12);
    });
    expect(holmAdjusted([0.7, 0.9])).toEqual([1, 1]);
    expect(holmAdjusted([])).toEqual([]);
  });
});

it('what subgroup tables hide is never a group smaller than allowed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 80 }), (values) => {
      const scored = { labels: values.map((_, i) => i % 2), scores: values.map((v) => v / 5) };
      const { rows, suppressed } = safeSubgroupTable(scored, values.map(String), { threshold: 0.5, smallest: 10 });
      const hidden = values.length - rows.reduce((sum, row) => sum + row.cases, 0);
      expect(rows.length + suppressed.length).toBe(new Set(values).size);
      expect(rows.every((row) => row.cases >= 10)).toBe(true);
      expect(hidden === 0 || hidden >= 10 || rows.length === 0).toBe(true);
    }),
    { numRuns: 100 },
  );
});
