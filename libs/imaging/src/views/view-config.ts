import { ViewsError } from './views.errors';

/** Inclusive lower and upper end of a uniform draw. */
export type Range = readonly [low: number, high: number];

/**
 * `parity`: every operation gives the bytes that Pillow gives.
 * `fast`: the same, except that strong shrinking starts from a half- or quarter-size copy of the image (reduced-image.ts).
 */
export type ViewMode = 'parity' | 'fast';

/** What is drawn for one augmented view. Order of operations: crop, flip, rotation, autocontrast, equalise, blur. */
export interface AugmentationConfig {
  /** Share of the image's area that the crop covers, in (0, 1]. */
  readonly areaRange: Range;
  /** Width / height of the crop, drawn log-uniformly. */
  readonly aspectRange: Range;
  /** Probability of a left-right flip. */
  readonly flip: number;
  /** Largest rotation, degrees; the angle is uniform in [-rotationDegrees, rotationDegrees]. 0 switches rotation off. */
  readonly rotationDegrees: number;
  /** Probability of autocontrast. */
  readonly autocontrast: number;
  /** Probability of histogram equalisation. */
  readonly equalise: number;
  /** Probability of a blur. */
  readonly blur: number;
  /** Radius (standard deviation) of the blur, pixels of the view. */
  readonly blurRadiusRange: Range;
}

export interface ViewGroupConfig {
  /** Edge of the square view, pixels. */
  readonly size: number;
  /** How many augmented views of this kind an image gets; 0 switches the group off. */
  readonly count: number;
  readonly augmentation: AugmentationConfig;
}

export interface ViewConfig {
  readonly mode: ViewMode;
  /** Put the untouched image first among the global views (the view that the teacher labels). */
  readonly original: boolean;
  /** Radius of a blur of the original, pixels; absent: none. The published test view has 0.5, its training views have none. */
  readonly originalBlurRadius?: number;
  /** Augmented global views, besides the original; `size` holds for the original too. */
  readonly global: ViewGroupConfig;
  readonly local: ViewGroupConfig;
}

const ANY_ASPECT: Range = [3 / 4, 4 / 3];

/** Views of the published method: 256 px original and one global view, 8 local views of 128 px (docs/algorithms). */
export const PAPER_VIEWS: ViewConfig = {
  mode: 'parity',
  original: true,
  global: {
    size: 256,
    count: 1,
    augmentation: {
      areaRange: [0.75, 1],
      aspectRange: ANY_ASPECT,
      flip: 0.5,
      rotationDegrees: 15,
      autocontrast: 0.3,
      equalise: 0.3,
      blur: 0.3,
      blurRadiusRange: [0.1, 2],
    },
  },
  local: {
    size: 128,
    count: 8,
    augmentation: {
      areaRange: [0.2, 0.6],
      aspectRange: ANY_ASPECT,
      flip: 0.5,
      rotationDegrees: 15,
      autocontrast: 0.5,
      equalise: 0.5,
      blur: 0.5,
      blurRadiusRange: [0.1, 2],
    },
  },
};

/**
 * Views of the `mini` preset: 64 px original and one global view, 4 local views of 32 px.
 * The blur shrinks with the view (2 px at 256 are 0.5 px at 64), else it would wipe out what the small view still shows.
 */
export const MINI_VIEWS: ViewConfig = {
  mode: 'fast',
  original: true,
  global: {
    size: 64,
    count: 1,
    augmentation: { ...PAPER_VIEWS.global.augmentation, blurRadiusRange: [0.1, 0.5] },
  },
  local: {
    size: 32,
    count: 4,
    augmentation: { ...PAPER_VIEWS.local.augmentation, blurRadiusRange: [0.1, 0.5] },
  },
};

/** Blur of the published test view, pixels at 256 px: a mismatch between training and test that only parity wants. */
export const PAPER_TEST_BLUR_RADIUS = 0.5;

/** Views for evaluating a model trained with `config`: the original alone, blurred or not. */
export function evaluationViews(config: ViewConfig, blurRadius?: number): ViewConfig {
  return {
    mode: config.mode,
    original: true,
    ...(blurRadius === undefined ? {} : { originalBlurRadius: blurRadius }),
    global: { ...config.global, count: 0 },
    local: { ...config.local, count: 0 },
  };
}

/** Largest edge of a view or source, pixels: rotation works in 16.16 fixed point. */
export const MAX_EDGE = 8192;

/** A blur beyond this leaves nothing to learn from. */
const MAX_BLUR_RADIUS = 100;

/** Views that an image gets under `config`: [global views with the original, local views]. */
export function viewCounts(config: ViewConfig): { readonly globals: number; readonly locals: number } {
  return { globals: config.global.count + (config.original ? 1 : 0), locals: config.local.count };
}

/**
 * Returns `config` when every number in it makes sense.
 *
 * @throws ViewsError VIEWS.CONFIG naming the first field that does not
 */
export function checkViewConfig(config: ViewConfig): ViewConfig {
  checkGroup('global', config.global);
  checkGroup('local', config.local);
  const { originalBlurRadius: blur = 0 } = config;
  need('originalBlurRadius', blur, blur >= 0 && blur <= MAX_BLUR_RADIUS);
  const counts = viewCounts(config);
  if (counts.globals + counts.locals === 0) {
    throw new ViewsError('VIEWS.CONFIG', 'expected at least one view per image, got none', {});
  }
  return config;
}

function checkGroup(name: string, group: ViewGroupConfig): void {
  const { augmentation: a } = group;
  need(`${name}.size`, group.size, Number.isInteger(group.size) && group.size >= 1 && group.size <= MAX_EDGE);
  need(`${name}.count`, group.count, Number.isInteger(group.count) && group.count >= 0 && group.count <= 64);
  needRange(`${name}.augmentation.areaRange`, a.areaRange, Number.MIN_VALUE, 1);
  needRange(`${name}.augmentation.aspectRange`, a.aspectRange, 0.01, 100);
  needRange(`${name}.augmentation.blurRadiusRange`, a.blurRadiusRange, 0, MAX_BLUR_RADIUS);
  need(`${name}.augmentation.rotationDegrees`, a.rotationDegrees, a.rotationDegrees >= 0 && a.rotationDegrees <= 180);
  for (const key of ['flip', 'autocontrast', 'equalise', 'blur'] as const) {
    need(`${name}.augmentation.${key}`, a[key], a[key] >= 0 && a[key] <= 1);
  }
}

function need(field: string, value: number, ok: boolean): void {
  if (!ok) throw new ViewsError('VIEWS.CONFIG', `views.${field}: value ${value} is out of range`, { field, value });
}

function needRange(field: string, [low, high]: Range, least: number, most: number): void {
  if (!(low >= least && low <= high && high <= most)) {
    throw new ViewsError(
      'VIEWS.CONFIG',
      `views.${field}: expected ${least} <= low <= high <= ${most}, got [${low}, ${high}]`,
      { field, low, high },
    );
  }
}
