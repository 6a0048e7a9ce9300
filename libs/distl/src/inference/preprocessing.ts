import { type PixelSpec, pixelSpecText, parsePixelSpec, type ViewMode } from '@fedistl/imaging';
import { type VitConfig } from '@fedistl/vit';
import { z } from 'zod';
import { InferenceError } from './inference.errors';

/** Metadata key of a model file under which its preprocessing stands, as JSON. */
export const PREPROCESSING_KEY = 'fedistl.preprocessing';

/** What happens to a radiograph before the network sees it; level / 255 is the last step of all. */
export interface Preprocessing {
  /** How files become square grey images. */
  readonly pixels: PixelSpec;
  /** Side of the network's input, pixels: the square image is resized to it, bicubic and antialiased. */
  readonly size: number;
  /** `parity`: the resize of Pillow to the byte; `fast`: from a half- or quarter-size copy (imaging's view modes). */
  readonly resize: ViewMode;
  /** Gaussian blur of the input, pixels, 0 for none; the published test view has 0.5. */
  readonly blurRadius: number;
}

const recordSchema = z.strictObject({
  pixels: z.string(),
  size: z.int().min(1).max(4096),
  resize: z.enum(['parity', 'fast']),
  blurRadius: z.number().min(0).max(100),
});

/** Parts that a command was told. */
export interface AskedPreprocessing {
  readonly pixels?: PixelSpec | undefined;
  readonly size?: number | undefined;
  readonly resize?: ViewMode | undefined;
  readonly blurRadius?: number | undefined;
}

/** The metadata entry that makes a model file say how its images were prepared. */
export function preprocessingNote(preprocessing: Preprocessing): Readonly<Record<string, string>> {
  const { pixels, ...rest } = preprocessing;
  return { [PREPROCESSING_KEY]: JSON.stringify({ pixels: pixelSpecText(pixels), ...rest }) };
}

/**
 * The preprocessing that a model file records, if it does.
 *
 * @throws InferenceError `INFERENCE.PREPROCESSING_INVALID`; DatasetError `DATASET.SETTINGS` for its pixels
 */
export function recordedPreprocessing(metadata: Readonly<Record<string, string>>): Preprocessing | undefined {
  const text = metadata[PREPROCESSING_KEY];
  if (text === undefined) return undefined;
  const parsed = recordSchema.safeParse(parseOrNull(text));
  if (!parsed.success) {
    throw new InferenceError(
      'INFERENCE.PREPROCESSING_INVALID',
      `the model's record of its preprocessing cannot be read: ${z.prettifyError(parsed.error)}`,
    );
  }
  return { ...parsed.data, pixels: parsePixelSpec(parsed.data.pixels) };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * What to do with images for a model: what its file records; else what was asked for, where a size and the kind of pixels
 * must be said, the resize is Pillow's and nothing is blurred unless asked. The blur may be switched in any case: parity
 * blurs test images only. Nothing else that contradicts the record is done.
 *
 * @throws InferenceError `INFERENCE.PREPROCESSING_UNKNOWN`, `INFERENCE.PREPROCESSING_MISMATCH`, `INFERENCE.SIZE` when the
 *   patch does not divide the size
 */
export function resolvePreprocessing(
  recorded: Preprocessing | undefined,
  asked: AskedPreprocessing,
  { patchSize }: Pick<VitConfig, 'patchSize'>,
): Preprocessing {
  if (recorded !== undefined) {
    refuseOther('kind of pixels', pixelSpecText(recorded.pixels), asked.pixels && pixelSpecText(asked.pixels));
    refuseOther('input size', recorded.size, asked.size);
    refuseOther('resize', recorded.resize, asked.resize);
  }
  const pixels = recorded?.pixels ?? asked.pixels ?? unknown('the kind of pixels', '--pixels 256-u8-squash-clinical');
  const size = recorded?.size ?? asked.size ?? unknown('the input size', '--size PX');
  if (size < patchSize || size % patchSize !== 0) {
    throw new InferenceError(
      'INFERENCE.SIZE',
      `expected an input size that is a multiple of the ${patchSize} px patch, got ${size} px`,
      { details: { size, patchSize } },
    );
  }
  const resize = recorded?.resize ?? asked.resize ?? 'parity';
  return { pixels, size, resize, blurRadius: asked.blurRadius ?? recorded?.blurRadius ?? 0 };
}

function unknown(what: string, flag: string): never {
  throw new InferenceError(
    'INFERENCE.PREPROCESSING_UNKNOWN',
    `the model file does not record ${what} that it was trained with, and it was not given: say ${flag}`,
  );
}

function refuseOther(what: string, recorded: string | number, asked: string | number | undefined): void {
  if (asked === undefined || asked === recorded) return;
  throw new InferenceError(
    'INFERENCE.PREPROCESSING_MISMATCH',
    `the model was trained with ${what} ${recorded}, got ${asked}`,
    { details: { recorded, asked } },
  );
}
