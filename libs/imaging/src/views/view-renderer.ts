import { type BlurScratch, gaussianBlur } from './box-blur';
import { checkGrey8, type Grey8 } from './grey8';
import { halve, reductionFor } from './reduced-image';
import { resample } from './resample';
import { AxisWeightCache } from './resample-weights';
import { rotate } from './rotate';
import { autocontrastTable, equaliseTable, histogram, identityTable, mapHistogram } from './tone';
import { type ViewMode } from './view-config';
import { type CropBox, type ViewParameters } from './view-parameters';
import { ViewsError } from './views.errors';

/**
 * Turns one image into its views. Holds all scratch memory, so that after the first few views nothing is allocated.
 * One renderer serves one thread.
 *
 * Same results with less work than operation by operation: the flip is a mirrored write of the resampling, autocontrast and
 * equalise are composed on the histogram into one table, and without a blur that table goes straight to the floats.
 */
export class ViewRenderer {
  readonly #mode: ViewMode;
  readonly #weights = new AxisWeightCache();
  readonly #counts = new Int32Array(256);
  readonly #mapped = new Int32Array(256);
  readonly #table = new Uint8Array(256);
  readonly #second = new Uint8Array(256);
  readonly #floats = new Float32Array(256);
  #rows = new Uint8Array(0);
  #view = new Uint8Array(0);
  #other = new Uint8Array(0);
  #sums = new Int32Array(0);
  #image: Grey8 | undefined;
  #halfPixels = new Uint8Array(0);
  #quarterPixels = new Uint8Array(0);
  #half: Grey8 | undefined;
  #quarter: Grey8 | undefined;

  constructor(mode: ViewMode) {
    this.#mode = mode;
  }

  /**
   * Chooses the image that the following views are of. Its pixels are read, not copied.
   *
   * @throws ViewsError VIEWS.IMAGE
   */
  setImage(image: Grey8): void {
    this.#image = checkGrey8(image);
    this.#half = undefined;
    this.#quarter = undefined;
  }

  /**
   * Renders a view as floats in [0, 1] (level / 255 in float32).
   *
   * @param size edge of the view, pixels
   * @param out [size, size]
   * @throws ViewsError VIEWS.IMAGE when no image is set, the crop is not inside it, or `out` is too short
   */
  renderFloats(parameters: ViewParameters, size: number, out: Float32Array): void {
    const pixels = this.#geometry(parameters, size, out.length);
    this.#tone(parameters, pixels, size);
    if (parameters.blurRadius !== null) {
      this.#applyTable(pixels, size);
      gaussianBlur(pixels, size, size, parameters.blurRadius, this.#blurScratch(size));
      identityTable(this.#table);
    }
    const floats = this.#floats;
    for (let v = 0; v < 256; v++) floats[v] = (this.#table[v] ?? 0) / 255;
    for (let i = 0, n = size * size; i < n; i++) out[i] = floats[pixels[i] ?? 0] ?? 0;
  }

  /**
   * Renders a view as 8-bit levels.
   *
   * @param size edge of the view, pixels
   * @param out [size, size]
   * @throws ViewsError VIEWS.IMAGE when no image is set, the crop is not inside it, or `out` is too short
   */
  renderBytes(parameters: ViewParameters, size: number, out: Uint8Array): void {
    const pixels = this.#geometry(parameters, size, out.length);
    this.#tone(parameters, pixels, size);
    this.#applyTable(pixels, size);
    if (parameters.blurRadius !== null) {
      gaussianBlur(pixels, size, size, parameters.blurRadius, this.#blurScratch(size));
    }
    out.set(pixels.subarray(0, size * size));
  }

  /** Crop, flip and rotation. Returns scratch whose first size * size bytes are the view. */
  #geometry(parameters: ViewParameters, size: number, room: number): Uint8Array {
    const { crop, flip, angle } = parameters;
    checkCrop(crop, this.#reduced(1));
    if (room < size * size) {
      throw new ViewsError('VIEWS.IMAGE', `expected room for a view of ${size} x ${size}, got ${room} values`);
    }
    if (this.#view.length < size * size) {
      this.#view = new Uint8Array(size * size);
      this.#other = new Uint8Array(size * size);
    }
    const factor = this.#mode === 'fast' ? reductionFor(Math.min(crop.width, crop.height) / size) : 1;
    const source = this.#reduced(factor);
    const left = Math.floor(crop.left / factor);
    const top = Math.floor(crop.top / factor);
    const right = Math.ceil((crop.left + crop.width) / factor);
    const bottom = Math.ceil((crop.top + crop.height) / factor);
    if (this.#rows.length < (bottom - top) * size) this.#rows = new Uint8Array((bottom - top) * size);
    resample(
      {
        pixels: source.pixels,
        offset: top * source.width + left,
        pitch: source.width,
        width: right - left,
        height: bottom - top,
      },
      this.#weights.get(crop.width, size, factor, crop.left % factor),
      this.#weights.get(crop.height, size, factor, crop.top % factor),
      this.#rows,
      this.#view,
      flip,
    );
    if (angle === 0) return this.#view;
    rotate(this.#view, size, size, angle, this.#other);
    [this.#view, this.#other] = [this.#other, this.#view];
    return this.#view;
  }

  /** Leaves in #table what autocontrast and equalise do together. */
  #tone(parameters: ViewParameters, pixels: Uint8Array, size: number): void {
    const { autocontrast, equalise } = parameters;
    if (!autocontrast && !equalise) {
      identityTable(this.#table);
      return;
    }
    histogram(pixels, size * size, this.#counts);
    if (!autocontrast) {
      equaliseTable(this.#counts, this.#table);
      return;
    }
    autocontrastTable(this.#counts, this.#table);
    if (!equalise) return;
    mapHistogram(this.#counts, this.#table, this.#mapped);
    equaliseTable(this.#mapped, this.#second);
    for (let v = 0; v < 256; v++) this.#table[v] = this.#second[this.#table[v] ?? 0] ?? 0;
  }

  #applyTable(pixels: Uint8Array, size: number): void {
    const table = this.#table;
    for (let i = 0, n = size * size; i < n; i++) pixels[i] = table[pixels[i] ?? 0] ?? 0;
  }

  #blurScratch(size: number): BlurScratch {
    if (this.#sums.length < size) this.#sums = new Int32Array(size);
    return { image: this.#other, sums: this.#sums };
  }

  #reduced(factor: 1 | 2 | 4): Grey8 {
    const image = this.#image;
    if (image === undefined) throw new ViewsError('VIEWS.IMAGE', 'expected setImage before a view is rendered');
    if (factor === 1) return image;
    const quarterOfPixels = ((image.width + 1) >> 1) * ((image.height + 1) >> 1);
    if (this.#halfPixels.length < quarterOfPixels) {
      this.#halfPixels = new Uint8Array(quarterOfPixels);
      this.#quarterPixels = new Uint8Array(quarterOfPixels);
    }
    this.#half ??= halve(image, this.#halfPixels);
    if (factor === 2) return this.#half;
    this.#quarter ??= halve(this.#half, this.#quarterPixels);
    return this.#quarter;
  }
}

/** Checks that a crop lies inside the image; drawn crops always do, crops from elsewhere may not. */
export function checkCrop(crop: CropBox, image: Grey8): void {
  const { left, top, width, height } = crop;
  const whole = [left, top, width, height].every(Number.isInteger);
  if (
    !whole ||
    left < 0 ||
    top < 0 ||
    width < 1 ||
    height < 1 ||
    left + width > image.width ||
    top + height > image.height
  ) {
    throw new ViewsError(
      'VIEWS.IMAGE',
      `expected a crop inside ${image.width} x ${image.height}, got ${width} x ${height} at (${left}, ${top})`,
      { ...crop },
    );
  }
}
