import { createRng } from '@fedistl/core';
import { type Grey8 } from '../views/grey8';
import { testImage } from '../views/test-image';
import { applyStress, stressedSource } from './apply-stress';
import { shift, turn } from './place-stress';
import { STRESS_GRADES, STRESS_KINDS, STRESSES, type StressGrade, type StressKind } from './stress-table';

const SIZE = 64;

/** A smooth bright disc with texture, dark outside: every nuisance has something to spoil. */
function phantomLike(): Grey8 {
  const texture = testImage(0, SIZE, SIZE);
  const pixels = Uint8Array.from(texture.pixels, (level, i) => {
    const [x, y] = [(i % SIZE) - SIZE / 2, Math.floor(i / SIZE) - SIZE / 2];
    return Math.hypot(x, y) < 26 ? level : 20;
  });
  return { ...texture, pixels };
}

const image = phantomLike();

function distance(a: Uint8Array, b: Uint8Array): number {
  return Math.sqrt(a.reduce((sum, level, i) => sum + (level - (b[i] ?? 0)) ** 2, 0) / a.length);
}

async function stressed(kind: StressKind, grade: StressGrade, seed = 1): Promise<Uint8Array> {
  return (await applyStress(image, { kind, grade }, createRng(seed))).pixels;
}

describe.each(STRESS_KINDS)('stress %s', (kind) => {
  it('grade 0 is the identity', async () => {
    expect(await stressed(kind, 0)).toEqual(image.pixels);
  });

  it('spoils more with each grade, on the same image and draws, and leaves the input alone', async () => {
    const before = image.pixels.slice();
    const distances = await Promise.all(STRESS_GRADES.map(async (g) => distance(await stressed(kind, g), before)));
    expect(distances[0]).toBeGreaterThan(0);
    distances.slice(1).forEach((value, i) => {
      expect(value).toBeGreaterThan(distances[i]!);
    });
    expect(image.pixels).toEqual(before);
  });

  it('depends on the draws alone', async () => {
    expect(await stressed(kind, 3)).toEqual(await stressed(kind, 3));
  });

  it('has strengths that move one way', () => {
    const { strengths } = STRESSES[kind];
    const steps = strengths.slice(1).map((value, i) => Math.sign(value - strengths[i]!));
    expect(new Set(steps).size).toBe(1);
    expect(steps[0]).not.toBe(0);
  });
});

describe('single operations', () => {
  it('turns by 90 degrees counter-clockwise, exactly', () => {
    const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    expect([...turn({ width: 3, height: 3, pixels }, 90).pixels]).toEqual([3, 6, 9, 2, 5, 8, 1, 4, 7]);
  });

  it('shifts by whole and half pixels, black where nothing was', () => {
    const row = { width: 4, height: 1, pixels: Uint8Array.of(10, 20, 30, 40) };
    expect([...shift(row, 1, 0).pixels]).toEqual([0, 10, 20, 30]);
    expect([...shift(row, -0.5, 0).pixels]).toEqual([15, 25, 35, 20]);
  });

  it('adds noise of the stated spread', async () => {
    const flat = { width: 128, height: 128, pixels: new Uint8Array(128 * 128).fill(128) };
    const { pixels } = await applyStress(flat, { kind: 'noise', grade: 3 }, createRng(5));
    const mean = pixels.reduce((sum, level) => sum + level, 0) / pixels.length;
    expect(mean).toBeCloseTo(128, 0);
    expect(distance(pixels, flat.pixels) / 255).toBeCloseTo(0.08, 2);
  });

  it('blackens the stated area and nothing else', async () => {
    const white = { width: 100, height: 100, pixels: new Uint8Array(10_000).fill(255) };
    const { pixels } = await applyStress(white, { kind: 'occlusion', grade: 5 }, createRng(2));
    const black = pixels.filter((level) => level === 0).length;
    expect(black / 10_000).toBeCloseTo(0.25, 1);
    expect(black + pixels.filter((level) => level === 255).length).toBe(10_000);
  });

  it('writes the marker into an upper corner, white', async () => {
    const black = { width: 100, height: 100, pixels: new Uint8Array(10_000) };
    const { pixels } = await applyStress(black, { kind: 'marker', grade: 5 }, createRng(1));
    const lit = [...pixels.keys()].filter((i) => pixels[i] === 255);
    expect(lit.length).toBeGreaterThan(50);
    expect(Math.max(...lit.map((i) => Math.floor(i / 100)))).toBeLessThan(26);
  });

  it('keeps a flat image flat under contrast and resolution', async () => {
    const flat = { width: 40, height: 40, pixels: new Uint8Array(1600).fill(77) };
    for (const kind of ['contrast', 'resolution', 'blur'] as const) {
      expect((await applyStress(flat, { kind, grade: 5 }, createRng(1))).pixels).toEqual(flat.pixels);
    }
  });
});

describe('a stressed source', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const source = {
    width: SIZE,
    height: SIZE,
    count: ids.length,
    id: (index: number) => ids[index] ?? '',
    read: (_index: number, out: Uint8Array) => {
      out.set(image.pixels);
    },
  };
  const read = async (seed: number, index: number, grade: StressGrade = 4): Promise<Uint8Array> => {
    const out = new Uint8Array(SIZE * SIZE);
    await stressedSource(source, { kind: 'rotation', grade }, seed).read(index, out);
    return out;
  };

  it('gives an image the same whatever is read before it, and other images other draws', async () => {
    const all = await Promise.all(ids.map((_, index) => read(1, index)));
    expect(await read(1, 3)).toEqual(all[3]);
    expect(new Set(all.map(String)).size).toBe(2);
    expect(await read(1, 0, 0)).toEqual(image.pixels);
  });

  it('refuses a kind or grade that does not exist', () => {
    expect(() => stressedSource(source, { kind: 'smoke' as 'noise', grade: 1 }, 1)).toThrow(/expected one of noise/);
    expect(() => stressedSource(source, { kind: 'noise', grade: 6 as 5 }, 1)).toThrow(/grade from 0 to 5/);
  });
});
