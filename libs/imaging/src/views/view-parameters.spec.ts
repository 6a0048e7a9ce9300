import { createRng } from '@fedistl/core';

import { type AugmentationConfig, MINI_VIEWS, PAPER_VIEWS } from './view-config';
import { drawCrop, drawViewParameters, originalParameters } from './view-parameters';

const global = PAPER_VIEWS.global.augmentation;
const local = PAPER_VIEWS.local.augmentation;

function draw(augmentation: AugmentationConfig, n: number, width = 256, height = 256) {
  const rng = createRng(7);
  return Array.from({ length: n }, (_, i) => drawViewParameters(rng.stream(`${i}`), augmentation, width, height));
}

const share = (flags: boolean[]): number => flags.filter(Boolean).length / flags.length;

describe('drawViewParameters', () => {
  it.each([
    ['global', global, 0.3],
    ['local', local, 0.5],
  ] as const)('draws each operation of a %s view with its probability', (_name, augmentation, probability) => {
    const drawn = draw(augmentation, 1200);
    // 4.5 standard errors of a share of 1200.
    const tolerance = (4.5 * 0.5) / Math.sqrt(1200);
    expect(Math.abs(share(drawn.map((p) => p.flip)) - 0.5)).toBeLessThan(tolerance);
    expect(Math.abs(share(drawn.map((p) => p.autocontrast)) - probability)).toBeLessThan(tolerance);
    expect(Math.abs(share(drawn.map((p) => p.equalise)) - probability)).toBeLessThan(tolerance);
    expect(Math.abs(share(drawn.map((p) => p.blurRadius !== null)) - probability)).toBeLessThan(tolerance);
  });

  it('draws angle and radius over their whole ranges', () => {
    const drawn = draw(local, 800);
    const angles = drawn.map((p) => p.angle);
    expect(Math.min(...angles)).toBeGreaterThanOrEqual(-15);
    expect(Math.min(...angles)).toBeLessThan(-14.5);
    expect(Math.max(...angles)).toBeLessThanOrEqual(15);
    expect(Math.max(...angles)).toBeGreaterThan(14.5);
    const radii = drawn.flatMap((p) => p.blurRadius ?? []);
    expect(Math.min(...radii)).toBeGreaterThanOrEqual(0.1);
    expect(Math.max(...radii)).toBeLessThanOrEqual(2);
    expect(radii.reduce((a, b) => a + b, 0) / radii.length).toBeGreaterThan(0.9);
  });

  it('keeps the other operations when one probability changes', () => {
    const before = draw(local, 50);
    const after = draw({ ...local, equalise: 0, blur: 1 }, 50);
    for (const [i, p] of before.entries()) {
      expect(after[i]).toMatchObject({ crop: p.crop, flip: p.flip, angle: p.angle, autocontrast: p.autocontrast });
      if (p.blurRadius !== null) expect(after[i]!.blurRadius).toBe(p.blurRadius);
    }
  });

  it('leaves the original alone', () => {
    expect(originalParameters(40, 30)).toEqual({
      crop: { left: 0, top: 0, width: 40, height: 30 },
      flip: false,
      angle: 0,
      autocontrast: false,
      equalise: false,
      blurRadius: null,
    });
  });
});

describe('drawCrop', () => {
  it('keeps area and aspect in range and the box inside the image', () => {
    const rng = createRng(3);
    for (let i = 0; i < 500; i++) {
      const { left, top, width, height } = drawCrop(rng, local, 256, 256);
      expect(left >= 0 && top >= 0 && left + width <= 256 && top + height <= 256).toBe(true);
      // Sides are rounded to whole pixels: half a pixel each way.
      expect((width + 0.5) * (height + 0.5)).toBeGreaterThan(0.2 * 65_536);
      expect((width - 0.5) * (height - 0.5)).toBeLessThan(0.6 * 65_536);
      expect((width + 0.5) / (height - 0.5)).toBeGreaterThan(3 / 4);
      expect((width - 0.5) / (height + 0.5)).toBeLessThan(4 / 3);
    }
  });

  it('reaches every corner', () => {
    const rng = createRng(5);
    const boxes = Array.from({ length: 1200 }, () => drawCrop(rng, MINI_VIEWS.local.augmentation, 12, 12));
    expect(boxes.some((b) => b.left === 0 && b.top === 0)).toBe(true);
    expect(boxes.some((b) => b.left + b.width === 12 && b.top + b.height === 12)).toBe(true);
  });

  it('falls back to the largest centred box of the nearest aspect', () => {
    const whole = { ...global, areaRange: [1, 1], aspectRange: [3 / 4, 4 / 3] } as const;
    expect(drawCrop(createRng(1), whole, 400, 100)).toEqual({ left: 133, top: 0, width: 133, height: 100 });
    expect(drawCrop(createRng(1), whole, 90, 400)).toEqual({ left: 0, top: 140, width: 90, height: 120 });
  });
});
