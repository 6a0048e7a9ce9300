import { checkViewConfig, MINI_VIEWS, PAPER_VIEWS, type ViewConfig, viewCounts } from './view-config';

describe('view configuration', () => {
  it('has the published views as defaults', () => {
    expect(checkViewConfig(PAPER_VIEWS)).toBe(PAPER_VIEWS);
    expect(viewCounts(PAPER_VIEWS)).toEqual({ globals: 2, locals: 8 });
    expect([PAPER_VIEWS.global.size, PAPER_VIEWS.local.size]).toEqual([256, 128]);
    expect(viewCounts(checkViewConfig(MINI_VIEWS))).toEqual({ globals: 2, locals: 4 });
    expect([MINI_VIEWS.global.size, MINI_VIEWS.local.size]).toEqual([64, 32]);
  });

  const withGlobal = (change: Partial<ViewConfig['global']['augmentation']>): ViewConfig => ({
    ...MINI_VIEWS,
    global: { ...MINI_VIEWS.global, augmentation: { ...MINI_VIEWS.global.augmentation, ...change } },
  });

  it.each([
    ['global.augmentation.flip', withGlobal({ flip: 1.2 })],
    ['global.augmentation.blur', withGlobal({ blur: Number.NaN })],
    ['global.augmentation.areaRange', withGlobal({ areaRange: [0, 1] })],
    ['global.augmentation.areaRange', withGlobal({ areaRange: [0.9, 0.5] })],
    ['global.augmentation.aspectRange', withGlobal({ aspectRange: [0, 1] })],
    ['global.augmentation.blurRadiusRange', withGlobal({ blurRadiusRange: [-1, 1] })],
    ['global.augmentation.rotationDegrees', withGlobal({ rotationDegrees: -1 })],
    ['originalBlurRadius', { ...MINI_VIEWS, originalBlurRadius: -1 }],
    ['local.size', { ...MINI_VIEWS, local: { ...MINI_VIEWS.local, size: 0 } }],
    ['local.count', { ...MINI_VIEWS, local: { ...MINI_VIEWS.local, count: 1.5 } }],
  ])('refuses a bad %s', (field, config) => {
    expect(() => checkViewConfig(config)).toThrow(
      expect.objectContaining({ code: 'VIEWS.CONFIG', message: expect.stringContaining(field) as string }) as Error,
    );
  });

  it('refuses no views at all', () => {
    const none: ViewConfig = {
      ...MINI_VIEWS,
      original: false,
      global: { ...MINI_VIEWS.global, count: 0 },
      local: { ...MINI_VIEWS.local, count: 0 },
    };
    expect(() => checkViewConfig(none)).toThrow(expect.objectContaining({ code: 'VIEWS.CONFIG' }) as Error);
  });
});
