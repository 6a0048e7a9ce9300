import { DecodeError } from '../decode/decode.errors';

export interface RadiographOptions {
  /**
   * `clinical` shows the image as a radiologist would see it; `parity` repeats what the published DISTL code does: no rescale,
   * no window, no inversion, min-max stretch (see `render-parity.ts`).
   */
  readonly mode: 'clinical' | 'parity';
  /** Side of the square result, pixels. */
  readonly size: number;
  /** `squash` ignores the aspect ratio, as the paper does; `pad` keeps it and fills with black. */
  readonly fit: 'squash' | 'pad';
  readonly bits: 8 | 16;
  /** `header`: VOI LUT, else window, else percentiles; `percentiles`: always percentiles, whatever the header says. */
  readonly voi: 'header' | 'percentiles';
  /** Percentiles of the pixel values that become black and white, when percentiles decide. */
  readonly percentiles: readonly [number, number];
  /** `area` averages what falls into an output pixel; `bilinear` reads four neighbours only. */
  readonly resize: 'area' | 'bilinear';
}

/**
 * Half a percent at each end leaves out what is not patient: lead markers and collimator edges at the bright end, direct
 * exposure at the dark end. Larger cuts would start to clip the lung apices of a well-collimated film.
 */
export const DEFAULT_RADIOGRAPH_OPTIONS: RadiographOptions = {
  mode: 'clinical',
  size: 256,
  fit: 'squash',
  bits: 8,
  voi: 'header',
  percentiles: [0.5, 99.5],
  resize: 'area',
};

const MAX_SIZE = 4096;

/** Fills in the defaults. @throws DecodeError IMAGING.OPTIONS */
export function resolveRadiographOptions(options: Partial<RadiographOptions> = {}): RadiographOptions {
  const resolved = { ...DEFAULT_RADIOGRAPH_OPTIONS, ...options };
  const { size, percentiles, mode, bits } = resolved;
  if (!Number.isInteger(size) || size < 1 || size > MAX_SIZE) {
    throw new DecodeError('IMAGING.OPTIONS', `expected a size of 1 to ${MAX_SIZE} pixels, got ${size}`);
  }
  const [low, high] = percentiles;
  if (!(low >= 0 && low < high && high <= 100)) {
    throw new DecodeError('IMAGING.OPTIONS', `expected percentiles 0 <= low < high <= 100, got ${low} and ${high}`);
  }
  if (mode === 'parity' && bits !== 8)
    throw new DecodeError('IMAGING.OPTIONS', 'expected 8 bits in parity mode, got 16');
  return resolved;
}
