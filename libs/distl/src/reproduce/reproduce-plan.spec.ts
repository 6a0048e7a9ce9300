import { parseReproducePlan } from './reproduce-plan';

it('follows the size of the images, and changes reach only what they name', () => {
  const small = parseReproducePlan({}, 28);
  expect([small.model.patchSize, small.views.global.size, small.views.local.size]).toEqual([4, 28, 16]);
  const large = parseReproducePlan({ views: { global: { size: 96 } }, model: { depth: 2 } }, 256);
  expect([large.model.patchSize, large.model.imageSize, large.model.depth]).toEqual([8, 96, 2]);
  expect(large.views.global.augmentation).toEqual(parseReproducePlan({}, 256).views.global.augmentation);
  expect(parseReproducePlan({ train: { batch: 7 } }, 64).train.batch).toBe(7);
});

it.each([
  [{ trian: {} }, 'REPRODUCE.PLAN_UNKNOWN_KEY', 'plan.trian'],
  [{ views: { global: { sise: 64 } } }, 'REPRODUCE.PLAN_UNKNOWN_KEY', 'views.global.sise'],
  [{ protocol: { labeledShare: 0.1 } }, 'REPRODUCE.PLAN_UNKNOWN_KEY', 'protocol.labeledShare'],
  [{ train: { bacth: 8 } }, 'DISTL.CONFIG_UNKNOWN_KEY', 'bacth'],
  [{ model: { depth: '4' } }, 'REPRODUCE.PLAN_INVALID', 'model.depth'],
  [{ model: { numHeads: 5 } }, 'VIT.CONFIG_HEADS', '5'],
  [{ protocol: { labelledShare: 1.5 } }, 'REPRODUCE.PLAN_INVALID', 'protocol.labelledShare'],
  [{ protocol: { initial: 'long' } }, 'REPRODUCE.PLAN_INVALID', 'protocol.initial'],
  [{ protocol: { patience: 0 } }, 'REPRODUCE.PLAN_INVALID', 'protocol.patience'],
  [[], 'REPRODUCE.PLAN_INVALID', 'plan'],
])('%j is refused as %s', (changes, code, named) => {
  const parse = (): unknown => parseReproducePlan(changes, 64);
  expect(parse).toThrow(expect.objectContaining({ code }) as Error);
  expect(parse).toThrow(named);
});
