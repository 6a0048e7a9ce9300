import { parseSiteId } from '@fedistl/core';
import { type ServerOptimiser } from '@fedistl/protocol';
import fc from 'fast-check';
import { keptMoments, stepServer } from './server-optimiser';
import { moveTeacher } from './teacher-ema';
import { weightedCentre } from './weighted-centre';

const refused = (code: string): Error => expect.objectContaining({ code }) as Error;
const optimisers: ServerOptimiser[] = [
  { name: 'fedavg', learningRate: 0.5 },
  { name: 'fedavgm', learningRate: 0.5, momentum: 0.9 },
  { name: 'fedadagrad', learningRate: 0.1, beta1: 0.9, tau: 1e-3 },
  { name: 'fedadam', learningRate: 0.1, beta1: 0.9, beta2: 0.99, tau: 1e-3, biasCorrection: true },
  { name: 'fedyogi', learningRate: 0.1, beta1: 0.9, beta2: 0.99, tau: 1e-3 },
];

describe('server optimiser', () => {
  it.each(optimisers)('$name gives the same bits on a model in pieces', (optimiser) => {
    const noise = (seed: number): Float32Array => Float32Array.from({ length: 50 }, (_, i) => Math.sin(seed + i * i));
    const state = { parameters: noise(1), delta: noise(2), first: noise(3), second: noise(4).map(Math.abs), step: 3 };
    const pieces = structuredClone(state);
    stepServer(optimiser, state);
    for (const [from, to] of [
      [0, 7],
      [7, 8],
      [8, 50],
    ] as const) {
      const cut = (array: Float32Array): Float32Array => array.subarray(from, to);
      const { parameters, delta, first, second } = pieces;
      stepServer(optimiser, {
        ...pieces,
        parameters: cut(parameters),
        delta: cut(delta),
        first: cut(first),
        second: cut(second),
      });
    }
    expect(pieces).toEqual(state);
  });

  it.each(optimisers)('$name asks for the moments it keeps', (optimiser) => {
    const kept = keptMoments(optimiser);
    const step = { parameters: new Float32Array(2), delta: new Float32Array(2), step: 0 };
    if (kept.first) {
      expect(() => {
        stepServer(optimiser, { ...step, first: null, second: new Float32Array(2) });
      }).toThrow(refused('AGGREGATION.BAD_SIZE'));
    } else {
      expect(() => {
        stepServer(optimiser, { ...step, first: null, second: null });
      }).not.toThrow();
    }
    expect(() => {
      stepServer(optimiser, {
        ...step,
        delta: new Float32Array(3),
        first: new Float32Array(2),
        second: new Float32Array(2),
      });
    }).toThrow(refused('AGGREGATION.BAD_SIZE'));
  });

  it('adaptive rules walk towards a steady pull at about their rate', () => {
    for (const optimiser of optimisers.slice(2)) {
      const state = {
        parameters: new Float32Array(1),
        delta: Float32Array.of(1),
        first: new Float32Array(1),
        second: new Float32Array(1),
      };
      for (let step = 0; step < 20; step++) stepServer(optimiser, { ...state, step });
      expect(state.parameters[0]).toBeGreaterThan(0.3);
    }
  });
});

describe('teacher EMA', () => {
  it('in one move equals K steps against a student that stands still', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.9, max: 1, noNaN: true }), fc.integer({ min: 0, max: 400 }), (momentum, steps) => {
        const teacher = Float32Array.of(1, -2, 0.5);
        const student = Float32Array.of(0, 2, 0.25);
        const slow = Float64Array.from(teacher);
        for (let k = 0; k < steps; k++) {
          slow.forEach((value, i) => (slow[i] = momentum * value + (1 - momentum) * student[i]!));
        }
        moveTeacher(teacher, student, { momentumPerStep: momentum, steps });
        teacher.forEach((value, i) => {
          expect(value).toBeCloseTo(slow[i]!, 6);
        });
      }),
    );
  });

  it('has the paper numbers: 0.9995 over 500 and 1000 steps leaves 0.779 and 0.606', () => {
    for (const [steps, kept] of [
      [500, 0.779],
      [1000, 0.606],
    ] as const) {
      const teacher = Float32Array.of(1);
      moveTeacher(teacher, Float32Array.of(0), { momentumPerStep: 0.9995, steps });
      expect(teacher[0]).toBeCloseTo(kept, 3);
    }
  });

  it('copies the student at momentum 0, and refuses what is no momentum', () => {
    const teacher = Float32Array.of(1, 2);
    moveTeacher(teacher, Float32Array.of(3, 4), { momentumPerStep: 0, steps: 1 });
    expect([...teacher]).toEqual([3, 4]);
    const move =
      (momentumPerStep: number, steps: number, student = new Float32Array(2)) =>
      () => {
        moveTeacher(teacher, student, { momentumPerStep, steps });
      };
    expect(move(1.1, 1)).toThrow(refused('AGGREGATION.BAD_MOMENTUM'));
    expect(move(Number.NaN, 1)).toThrow(refused('AGGREGATION.BAD_MOMENTUM'));
    expect(move(0.9, -1)).toThrow(refused('AGGREGATION.BAD_MOMENTUM'));
    expect(move(0.9, 1, new Float32Array(3))).toThrow(refused('AGGREGATION.BAD_SIZE'));
  });
});

describe('weighted centre', () => {
  const site = (name: string, images: number, ...centre: number[]) => ({
    siteId: parseSiteId(name),
    images,
    centre: Float32Array.from(centre),
  });

  it('is the mean over all images', () => {
    expect([...weightedCentre([site('a1', 1, 0, 4), site('b2', 3, 4, 0)])]).toEqual([3, 1]);
  });

  it('has the same bits in any order', () => {
    const sites = [site('a1', 3, 0.1), site('b2', 5, 0.2), site('c3', 7, 1e8), site('d4', 11, -1e8)];
    expect(weightedCentre([...sites].reverse())).toEqual(weightedCentre(sites));
  });

  it('refuses unequal lengths and a federation without images', () => {
    expect(() => weightedCentre([site('a1', 1, 0), site('b2', 1, 0, 1)])).toThrow(refused('AGGREGATION.BAD_SIZE'));
    expect(() => weightedCentre([])).toThrow(refused('AGGREGATION.NO_WEIGHT'));
    expect(() => weightedCentre([site('a1', 0, 1)])).toThrow(refused('AGGREGATION.NO_WEIGHT'));
  });
});
