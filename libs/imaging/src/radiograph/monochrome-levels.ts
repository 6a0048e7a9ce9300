import { type GreyOrigin, type RenderingFacts, type StoredImage } from '../decode/decoded-file';
import { type GreySource } from './grey-source';
import { modalityTransform } from './modality-transform';
import { type RadiographOptions } from './radiograph-options';
import { countCells, percentile, valueHistogram } from './value-histogram';
import { lutTransform, rangeTransform, type VoiTransform, windowTransform } from './voi-transform';

export interface MonochromeLevels {
  readonly source: GreySource;
  readonly origin: GreyOrigin;
}

/**
 * Grey levels of the first frame of a monochrome image, in the order of the DICOM grey-scale pipeline (PS3.4, N.2):
 *
 * 1. Padding is set aside. It lies outside the patient and often has an extreme value, which would ruin percentiles.
 * 2. Modality look-up table or rescale. Windows are given in these units, so it must come before them.
 * 3. Values of interest: the table or window that the modality or the radiographer chose, which is what was looked at when
 *    the film was reported. Without one, images of more than 8 bits take robust percentiles: detectors use different
 *    parts of their range, and a single lead marker must not decide the contrast of the lungs. Images of 8 bits were
 *    made for a display already and stay as they are.
 * 4. Inversion, last, because MONOCHROME1 and the INVERSE presentation shape say how the *result* is shown: the smallest
 *    value white. Bones and heart come out bright in every image; half of a site's films inverted would teach a network the
 *    vendor and not the disease. The two say the same thing in DX images, so both together invert once.
 * 5. Padding becomes black, the tone of air outside the patient, whether or not the image was inverted.
 */
export function monochromeLevels(
  stored: StoredImage,
  rendering: RenderingFacts,
  options: RadiographOptions,
): MonochromeLevels {
  const cells = firstFrameCells(stored);
  const valueOf = storedValueOf(stored);
  const { padding } = rendering;
  const isPadding = (value: number): boolean => padding !== null && value >= padding.low && value <= padding.high;
  const modality = modalityTransform(rendering);
  const counts = countCells(cells);
  const histogram = valueHistogram(counts, (cell) => (isPadding(valueOf(cell)) ? null : modality(valueOf(cell))));
  const byPercentiles = (): VoiTransform =>
    rangeTransform(percentile(histogram, options.percentiles[0]), percentile(histogram, options.percentiles[1]));

  let { transform, origin } = chooseVoi(stored, rendering, options, byPercentiles);
  if (origin !== 'percentiles' && isFlat(histogram.values, transform)) {
    // A window that misses the image altogether is a writer's fault; a uniform square is of no use to anyone.
    transform = byPercentiles();
    origin = 'percentiles';
  }
  const inverted = stored.photometricInterpretation === 'MONOCHROME1' || rendering.presentationLutShape === 'INVERSE';
  const table = new Float32Array(counts.length);
  for (let cell = 0; cell < table.length; cell += 1) {
    const value = valueOf(cell);
    const level = transform(modality(value));
    table[cell] = isPadding(value) ? 0 : inverted ? 1 - level : level;
  }
  return { source: { rows: stored.rows, columns: stored.columns, cells, table }, origin };
}

function chooseVoi(
  stored: StoredImage,
  { voiLut, windows, voiFunction }: RenderingFacts,
  { voi }: RadiographOptions,
  byPercentiles: () => VoiTransform,
): { transform: VoiTransform; origin: GreyOrigin } {
  const [window] = windows;
  if (voi === 'header' && voiLut !== null) return { transform: lutTransform(voiLut), origin: 'voi-lut' };
  if (voi === 'header' && window !== undefined) {
    return { transform: windowTransform(window, voiFunction), origin: 'window' };
  }
  if (voi === 'header' && stored.bitsStored <= 8 && !stored.signed) {
    return { transform: rangeTransform(0, 2 ** stored.bitsStored - 1), origin: 'full-range' };
  }
  return { transform: byPercentiles(), origin: 'percentiles' };
}

function isFlat(values: Float64Array, transform: VoiTransform): boolean {
  if (values.length < 2) return false;
  const first = transform(values[0] ?? 0);
  return values.every((value) => Math.abs(transform(value) - first) < 1e-6);
}

/** The first frame as unsigned cells over the same memory. */
export function firstFrameCells({ values, rows, columns, samplesPerPixel }: StoredImage): Uint8Array | Uint16Array {
  const size = rows * columns * samplesPerPixel;
  return values.BYTES_PER_ELEMENT === 1
    ? new Uint8Array(values.buffer, values.byteOffset, size)
    : new Uint16Array(values.buffer, values.byteOffset, size);
}

/** Undoes the unsigned view: cell to stored value. */
export function storedValueOf({ signed, bitsAllocated }: StoredImage): (cell: number) => number {
  if (!signed) return (cell) => cell;
  const half = 2 ** (bitsAllocated - 1);
  return (cell) => (cell >= half ? cell - 2 * half : cell);
}
