import { z } from 'zod';
import { fractionSchema, positiveCountSchema, positiveSchema } from '../messages/primitives';

/** Inclusive lower and upper end of a uniform draw. */
function rangeSchema(end: z.ZodNumber): z.ZodTuple<[z.ZodNumber, z.ZodNumber], null> {
  return z.tuple([end, end]).refine(([low, high]) => low <= high, 'expected low <= high');
}

/** What is drawn for one augmented view, in this order: crop, flip, rotation, autocontrast, equalise, blur. */
const augmentationSchema = z.strictObject({
  /** Share of the image's area that the crop covers. */
  areaRange: rangeSchema(z.number().gt(0).max(1)),
  /** Width / height of the crop, drawn log-uniformly. */
  aspectRange: rangeSchema(positiveSchema),
  flip: fractionSchema,
  rotationDegrees: z.number().min(0).max(180),
  autocontrast: fractionSchema,
  equalise: fractionSchema,
  blur: fractionSchema,
  /** Standard deviation of the blur, pixels of the view. */
  blurRadiusRange: rangeSchema(z.number().min(0)),
});

/** How images become the network's input: the grey image in the cache, the original and one augmented global view, local views. */
export const viewsPlanSchema = z.strictObject({
  /** The square grey image that views are made of: size, bits, fit and grey levels, such as `256-u8-squash-clinical`. */
  pixels: z.string().regex(/^[1-9]\d{0,3}-u8-(squash|pad)-(clinical|parity)$/),
  /** `parity`: Pillow's resize to the byte; `fast`: from a half- or quarter-size copy. */
  resize: z.enum(['parity', 'fast']),
  /** Blur of the images that a model is evaluated on, pixels; 0 for none. */
  testBlurRadius: z.number().min(0).max(100),
  global: z.strictObject({ size: positiveCountSchema, augmentation: augmentationSchema }),
  local: z.strictObject({
    size: positiveCountSchema,
    count: z.int().min(0).max(32),
    augmentation: augmentationSchema,
  }),
});

export type ViewsPlan = z.infer<typeof viewsPlanSchema>;
