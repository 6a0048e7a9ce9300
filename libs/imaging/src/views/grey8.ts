import { ViewsError } from './views.errors';
import { MAX_EDGE } from './view-config';

/** An 8-bit grey image; a `GreyImage` of 8 bits is one. */
export interface Grey8 {
  readonly width: number;
  readonly height: number;
  /** [height, width] row-major; may be longer than needed. */
  readonly pixels: Uint8Array;
}

/**
 * @returns the image
 * @throws ViewsError VIEWS.IMAGE when its edges are not 1 to 8192 pixels or it has too few pixels for them
 */
export function checkGrey8(image: Grey8): Grey8 {
  const { width, height, pixels } = image;
  for (const edge of [width, height]) {
    if (!Number.isInteger(edge) || edge < 1 || edge > MAX_EDGE) {
      throw new ViewsError('VIEWS.IMAGE', `expected edges of 1 to ${MAX_EDGE} pixels, got ${width} x ${height}`, {
        width,
        height,
      });
    }
  }
  if (pixels.length < width * height) {
    throw new ViewsError(
      'VIEWS.IMAGE',
      `expected ${width * height} pixels for ${width} x ${height}, got ${pixels.length}`,
      { width, height, pixels: pixels.length },
    );
  }
  return image;
}
