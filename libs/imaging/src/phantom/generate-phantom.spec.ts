import { generatePhantom, PHANTOM_TASKS, type PhantomOptions } from './generate-phantom';

const base: PhantomOptions = {
  seed: 'spec',
  task: 'tuberculosis',
  positive: false,
  patient: 0,
  visit: 0,
  site: 0,
  size: 64,
};

const mean = (values: Iterable<number>): number => {
  const all = [...values];
  return all.reduce((a, b) => a + b, 0) / all.length;
};

/** Mean level of a rectangle given in parts of the image. */
function region(
  pixels: Float32Array,
  size: number,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
): number {
  const inside: number[] = [];
  for (let y = Math.round(y0 * size); y < y1 * size; y++) {
    for (let x = Math.round(x0 * size); x < x1 * size; x++) inside.push(pixels[y * size + x]!);
  }
  return mean(inside);
}

jest.setTimeout(60_000);

describe('generatePhantom', () => {
  it('gives the same pixels for the same options, and others for any other option', () => {
    const first = generatePhantom(base);
    expect(generatePhantom(base)).toEqual(first);
    const changes: Partial<PhantomOptions>[] = [
      { seed: 'other' },
      { patient: 1 },
      { visit: 1 },
      { site: 1 },
      { positive: true },
    ];
    for (const change of changes) expect(generatePhantom({ ...base, ...change }).pixels).not.toEqual(first.pixels);
  });

  it.each([28, 96])('fills %d x %d pixels with levels from 0 to 1', (size) => {
    const { pixels } = generatePhantom({ ...base, size, positive: true });
    expect(pixels.length).toBe(size * size);
    expect(pixels.every((v) => v >= 0 && v <= 1)).toBe(true);
    const average = mean(pixels);
    expect(average).toBeGreaterThan(0.15);
    expect(average).toBeLessThan(0.85);
  });

  it('shows dark lungs beside a bright mediastinum above a bright abdomen', () => {
    for (let patient = 0; patient < 5; patient++) {
      const { pixels, size } = generatePhantom({ ...base, patient, site: patient % 4 });
      const leftLung = region(pixels, size, [0.22, 0.35, 0.36, 0.55]);
      const rightLung = region(pixels, size, [0.66, 0.35, 0.78, 0.5]);
      const mediastinum = region(pixels, size, [0.47, 0.4, 0.53, 0.6]);
      const abdomen = region(pixels, size, [0.35, 0.87, 0.65, 0.94]);
      for (const lung of [leftLung, rightLung]) {
        expect(mediastinum - lung).toBeGreaterThan(0.15);
        expect(abdomen - lung).toBeGreaterThan(0.1);
      }
    }
  });

  it('has the same patient in each visit, and says how plain the disease is', () => {
    const visits = [0, 1].map((visit) => generatePhantom({ ...base, positive: true, patient: 5, visit }));
    expect(visits[1]).toMatchObject({
      sex: visits[0]!.sex,
      ageYears: visits[0]!.ageYears,
      severity: visits[0]!.severity,
    });
    expect(visits[0]!.severity).toBeGreaterThanOrEqual(0.05);
    expect(visits[0]!.severity).toBeLessThanOrEqual(1);
    expect(generatePhantom(base).severity).toBeNull();
    expect(generatePhantom({ ...base, positive: true, leastSeverity: 0.9 }).severity).toBeGreaterThanOrEqual(0.9);
  });

  // Where each disease is, ill and healthy twins (same patient, pose, exposure) must differ more than elsewhere: in the upper
  // half for tuberculosis and pneumothorax, in the lungs for ground glass, and hardly below the diaphragm.
  it.each([
    ['tuberculosis', [0.2, 0.12, 0.8, 0.42]],
    ['pneumothorax', [0.15, 0.12, 0.85, 0.5]],
    ['covid', [0.12, 0.3, 0.88, 0.68]],
  ] as const)('%s changes the lungs and nothing else', (task, where) => {
    const size = 48;
    const change = new Float32Array(size * size);
    for (let patient = 0; patient < 8; patient++) {
      const [healthy, ill] = [false, true].map((positive) =>
        generatePhantom({ ...base, task, patient, positive, size }),
      );
      for (const [i, v] of ill!.pixels.entries()) change[i]! += Math.abs(v - healthy!.pixels[i]!) / 8;
    }
    const there = region(change, size, where);
    const abdomen = region(change, size, [0.2, 0.85, 0.8, 0.97]);
    expect(there).toBeGreaterThan(2.5 * abdomen);
  });

  it('covers every task', () => {
    for (const task of PHANTOM_TASKS) {
      const healthy = generatePhantom({ ...base, task });
      expect(generatePhantom({ ...base, task, positive: true }).pixels).not.toEqual(healthy.pixels);
    }
  });
});
