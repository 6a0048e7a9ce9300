import { type PhantomSetOptions, planPhantoms } from './plan-phantoms';

const options: PhantomSetOptions = { count: 600, task: 'covid', sites: 3, seed: 4 };

describe('planPhantoms', () => {
  const plan = planPhantoms(options);

  it('has as many radiographs as asked for, in order', () => {
    expect(plan.map(({ index }) => index)).toEqual(Array.from({ length: 600 }, (_, i) => i));
  });

  it('keeps a patient in one site, one class and one split, with up to three radiographs', () => {
    const patients = new Set(plan.map(({ patient }) => patient));
    const visits = new Set<number>();
    for (const number of patients) {
      const own = plan.filter(({ patient }) => patient === number);
      visits.add(own.length);
      expect(new Set(own.map(({ site, positive, split }) => `${site}/${positive}/${split}`)).size).toBe(1);
      expect(own.map(({ visit }) => visit)).toEqual(own.map((_, i) => i));
    }
    expect([...visits].sort()).toEqual([1, 2, 3]);
  });

  it('splits each site and class about 70 : 10 : 20', () => {
    for (const site of [0, 1, 2]) {
      for (const positive of [true, false]) {
        const own = plan.filter((p) => p.site === site && p.positive === positive);
        const share = (split: string): number => own.filter((p) => p.split === split).length / own.length;
        expect(Math.abs(share('train') - 0.7)).toBeLessThan(0.1);
        expect(Math.abs(share('test') - 0.2)).toBeLessThan(0.1);
      }
    }
  });

  it('has the prevalence asked for', () => {
    const share = (prevalence: number): number => {
      const drawn = planPhantoms({ ...options, prevalence });
      return drawn.filter(({ positive }) => positive).length / drawn.length;
    };
    expect(share(0)).toBe(0);
    expect(share(1)).toBe(1);
    expect(Math.abs(share(0.2) - 0.2)).toBeLessThan(0.04);
    expect(Math.abs(share(0.5) - 0.5)).toBeLessThan(0.04);
  });

  it('begins like a smaller set of the same seed', () => {
    expect(planPhantoms({ ...options, count: 50 })).toEqual(plan.slice(0, 50));
    expect(planPhantoms({ ...options, seed: 5 })).not.toEqual(plan);
  });

  it('gives real dates within three years', () => {
    for (const { acquiredAt } of plan) {
      expect(acquiredAt).toMatch(/^20(22|23|24)-\d\d-\d\d$/);
      expect(Number.isNaN(Date.parse(acquiredAt))).toBe(false);
    }
  });

  it.each([
    { count: 0 },
    { count: 2.5 },
    { sites: 0 },
    { prevalence: 1.1 },
    { prevalence: Number.NaN },
    { task: 'measles' as 'covid' },
  ])('refuses %j', (change) => {
    expect(() => planPhantoms({ ...options, ...change })).toThrow(
      expect.objectContaining({ code: 'PHANTOM.OPTIONS' }) as Error,
    );
  });
});
