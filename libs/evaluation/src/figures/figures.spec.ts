import { createRng } from '@fedistl/core';
import { calibrationCurve } from '../calibration';
import { confusionMatrix } from '../confusion';
import { delongInterval } from '../delong';
import { rocCurve } from '../roc';
import { calibrationFigure } from './calibration-figure';
import { confusionFigure } from './confusion-figure';
import { ticks } from './plot';
import { rocFigure } from './roc-figure';
import { scoreHistogramFigure } from './score-histogram-figure';
import { escapeXml, polyline } from './svg';

const rng = createRng('figures');
const labels = Array.from({ length: 400 }, (_, i) => i % 2);
const scores = labels.map((label) => 1 / (1 + Math.exp(-rng.normal(2 * label - 1, 1.2))));
const cases = { labels, scores };
const roc = { name: 'T = 3', points: rocCurve(cases), auc: delongInterval(cases) };

const FIGURES: Readonly<Record<string, string>> = {
  roc: rocFigure([
    { ...roc, operatingPoint: { sensitivity: 0.8, specificity: 0.7 } },
    { ...roc, name: 'initial' },
  ]),
  calibration: calibrationFigure([{ name: 'T = 3', curve: calibrationCurve(cases) }]),
  histogram: scoreHistogramFigure(cases, { threshold: 0.5 }),
  confusion: confusionFigure(confusionMatrix(cases, 0.5), { positive: 'tuberculosis' }),
};

/** Every attribute `name` of the elements `tag`, as numbers. */
function attribute(svg: string, tag: string, name: string): number[] {
  const elements = [...svg.matchAll(new RegExp(`<${tag} [^>]*>`, 'g'))];
  return elements.flatMap(([text]) =>
    [...text.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map((m) => Number(m[1])),
  );
}

/** Throws unless every element that opens closes, in order. */
function checkNesting(svg: string): void {
  const open: string[] = [];
  for (const [, closing, tag, empty] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (closing) expect(open.pop()).toBe(tag);
    else if (!empty) open.push(tag!);
  }
  expect(open).toEqual([]);
}

describe.each(Object.entries(FIGURES))('the %s figure', (_name, svg) => {
  it('is one well-formed document without scripts, links, style sheets, ids or numbers that are none', () => {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+" /);
    checkNesting(svg);
    expect(svg).not.toMatch(/<script|<style|href=| id=|NaN|Infinity|undefined|null/);
    expect(svg).toContain('role="img"');
    expect(svg).toMatch(/<title>.+<\/title><desc>.+<\/desc>/);
  });

  it('keeps everything inside its frame', () => {
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number) as [number, number, number];
    for (const name of ['x', 'x1', 'x2', 'cx']) {
      for (const value of attribute(svg, '[a-z]+', name)) expect(value >= 0 && value <= width).toBe(true);
    }
    for (const name of ['y', 'y1', 'y2', 'cy']) {
      for (const value of attribute(svg, '[a-z]+', name)) expect(value >= 0 && value <= height).toBe(true);
    }
  });
});

describe('rocFigure', () => {
  it('draws from the lower left to the upper right corner and says the AUC', () => {
    const svg = FIGURES['roc']!;
    const curves = [...svg.matchAll(/<polyline points="([^"]*)"/g)].map((match) => match[1]!.split(' '));
    expect(curves).toHaveLength(3);
    for (const curve of curves) expect([curve[0], curve.at(-1)]).toEqual(['62,398', '422,38']);
    expect(svg).toContain(`T = 3: AUC ${roc.auc.auc.toFixed(3)}`);
    expect(attribute(svg, 'circle', 'cx')).toEqual([62 + 0.3 * 360]);
    expect(attribute(svg, 'circle', 'cy')).toEqual([398 - 0.8 * 360]);
  });

  it('grows with a long name in the legend', () => {
    const svg = rocFigure([{ name: 'a hospital with a very long name, '.repeat(4), points: roc.points }]);
    expect(Number(/width="(\d+)"/.exec(svg)![1])).toBeGreaterThan(800);
  });

  it('stays small whatever the number of points', () => {
    const many = Array.from({ length: 100_001 }, (_, k) => ({
      threshold: 1 - k / 100_000,
      falsePositiveRate: k / 100_000,
      truePositiveRate: Math.sqrt(k / 100_000),
    }));
    expect(rocFigure([{ name: 'x', points: many }]).length).toBeLessThan(100_000);
  });
});

describe('the other figures', () => {
  it('draws the observed shares with their intervals', () => {
    const { bins } = calibrationCurve(cases);
    const svg = FIGURES['calibration']!;
    const dots = attribute(svg, 'circle', 'cy');
    expect(dots).toHaveLength(bins.length);
    dots.forEach((cy, k) => {
      expect(cy).toBeCloseTo(398 - 360 * bins[k]!.observed.value!, 1);
    });
  });

  it('draws bars whose heights add up to the same for each class', () => {
    const bars = [
      ...FIGURES['histogram']!.matchAll(/<rect x="[^"]*" y="[^"]*" width="[^"]*" height="([^"]*)" fill="(#\w+)"/g),
    ];
    const height = (colour: string): number =>
      bars.filter((bar) => bar[2] === colour).reduce((sum, bar) => sum + Number(bar[1]), 0);
    // The legend's patches are 11 high each.
    expect(height('#d55e00')).toBeGreaterThan(200);
    expect(Math.abs(height('#d55e00') - height('#0072b2'))).toBeLessThan(0.5);
  });

  it('draws scores outside [0, 1], all equal, and one class', () => {
    for (const list of [
      [-3, 0, 5, 2],
      [7, 7, 7, 7],
    ]) {
      const svg = scoreHistogramFigure({ labels: [0, 1, 0, 1], scores: list });
      expect(svg).not.toContain('NaN');
      checkNesting(svg);
    }
    expect(scoreHistogramFigure({ labels: [1, 1], scores: [0.2, 0.4] })).toContain('negative (0 cases)');
    expect(() => scoreHistogramFigure(cases, { bins: 1 })).toThrow(/2 to 200 bins/);
  });

  it('prints the counts and their shares of the row', () => {
    const matrix = { truePositives: 30, falsePositives: 5, trueNegatives: 95, falseNegatives: 10 };
    const svg = confusionFigure(matrix);
    for (const text of ['>30<', '>75.0 %<', '>5<', '>5.0 %<', '>95<', '>95.0 %<', '>10<', '>25.0 %<']) {
      expect(svg).toContain(text);
    }
    expect(confusionFigure({ ...matrix, truePositives: 0, falseNegatives: 0 })).toContain('no cases');
  });

  it('prints counts that stand out from their cell, whatever its shade', () => {
    const light = (rgb: readonly number[]): number => {
      const [r = 0, g = 0, b = 0] = rgb.map((v) =>
        v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    for (let share = 0; share <= 100; share++) {
      const matrix = { truePositives: share, falseNegatives: 100 - share, trueNegatives: 1, falsePositives: 1 };
      const svg = confusionFigure(matrix);
      const [, fill = '', ink = ''] =
        /fill="rgb\(([\d, ]+)\)"[^>]*\/><text[^>]*fill="#([0-9a-f]{6})"[^>]*>\d+<\/text><text[^>]*>[\d.]+ %<\/text><\/svg>/.exec(
          svg,
        ) ?? [];
      const ground = light(fill.split(', ').map(Number));
      const letters = light([0, 2, 4].map((at) => parseInt(ink.slice(at, at + 2), 16)));
      const contrast = Math.max(ground, letters) / Math.min(ground, letters);
      expect({ share, contrast: contrast >= 4.2 }).toEqual({ share, contrast: true });
    }
  });
});

describe('svg', () => {
  it('escapes hostile names', () => {
    const hostile = '</text><script>alert("x")</script>&\u0000\ud800\u001b';
    const svg = rocFigure([{ name: hostile, points: roc.points }], hostile);
    expect(svg).not.toContain('<script');
    checkNesting(svg);
    expect(escapeXml(hostile)).toBe('&#60;/text&#62;&#60;script&#62;alert(&#34;x&#34;)&#60;/script&#62;&#38;');
    expect(escapeXml("a\t'é😀'\n")).toBe('a\t&#39;é😀&#39;\n');
  });

  it('leaves out points on straight runs', () => {
    const line = polyline(
      [
        [0, 0],
        [0, 1],
        [0, 2],
        [0, 2.01],
        [5, 2],
        [9, 2],
      ],
      {},
    );
    expect(line).toContain('points="0,0 0,2 9,2"');
  });

  it('finds round ticks', () => {
    expect(ticks(0, 1)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(ticks(-3, 5)).toEqual([-2, 0, 2, 4]);
    expect(ticks(0, 0.37)).toEqual([0, 0.1, 0.2, 0.3]);
  });
});
