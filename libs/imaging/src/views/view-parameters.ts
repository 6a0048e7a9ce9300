import { type Rng } from '@fedistl/core';

import { type AugmentationConfig } from './view-config';

/** Rectangle of whole pixels of the source image. */
export interface CropBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Everything random about one view; with it and the image, the view's pixels are fixed. */
export interface ViewParameters {
  readonly crop: CropBox;
  readonly flip: boolean;
  /** Degrees, counter-clockwise. */
  readonly angle: number;
  readonly autocontrast: boolean;
  readonly equalise: boolean;
  /** Pixels; null: no blur. */
  readonly blurRadius: number | null;
}

/** Parameters of the untouched view. */
export function originalParameters(width: number, height: number): ViewParameters {
  const crop = { left: 0, top: 0, width, height };
  return { crop, flip: false, angle: 0, autocontrast: false, equalise: false, blurRadius: null };
}

/**
 * Draws one view's parameters.
 *
 * Draws come in a fixed order and number whatever their outcome (the crop's own stream apart), so that changing one
 * probability does not change the other operations of a view.
 */
export function drawViewParameters(
  rng: Rng,
  augmentation: AugmentationConfig,
  width: number,
  height: number,
): ViewParameters {
  const flip = rng.uniform() < augmentation.flip;
  const angle = rng.uniform(-augmentation.rotationDegrees, augmentation.rotationDegrees);
  const autocontrast = rng.uniform() < augmentation.autocontrast;
  const equalise = rng.uniform() < augmentation.equalise;
  const blur = rng.uniform() < augmentation.blur;
  const radius = rng.uniform(...augmentation.blurRadiusRange);
  const crop = drawCrop(rng, augmentation, width, height);
  return { crop, flip, angle, autocontrast, equalise, blurRadius: blur ? radius : null };
}

const CROP_TRIES = 10;

/**
 * Box of a random resized crop: area and aspect are drawn up to ten times until the box fits, then its place uniformly.
 * When none fits, the largest centred box of the nearest allowed aspect (Szegedy et al., arXiv 1409.4842, as torchvision
 * words it).
 */
export function drawCrop(rng: Rng, augmentation: AugmentationConfig, width: number, height: number): CropBox {
  const [lowAspect, highAspect] = augmentation.aspectRange;
  for (let attempt = 0; attempt < CROP_TRIES; attempt++) {
    const area = width * height * rng.uniform(...augmentation.areaRange);
    const aspect = Math.exp(rng.uniform(Math.log(lowAspect), Math.log(highAspect)));
    const w = Math.round(Math.sqrt(area * aspect));
    const h = Math.round(Math.sqrt(area / aspect));
    if (w >= 1 && w <= width && h >= 1 && h <= height) {
      return { left: rng.int(width - w + 1), top: rng.int(height - h + 1), width: w, height: h };
    }
  }
  const aspect = Math.min(highAspect, Math.max(lowAspect, width / height));
  const w = aspect > width / height ? width : Math.max(1, Math.min(width, Math.round(height * aspect)));
  const h = aspect < width / height ? height : Math.max(1, Math.min(height, Math.round(width / aspect)));
  return { left: (width - w) >> 1, top: (height - h) >> 1, width: w, height: h };
}
