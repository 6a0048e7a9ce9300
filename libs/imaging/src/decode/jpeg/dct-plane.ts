import { inverseDct } from './inverse-dct';
import { type JpegComponent, type JpegFrame } from './jpeg-segments';

/** One component's blocks of coefficients. */
export interface DctPlane {
  readonly component: JpegComponent;
  /** Size of the component in samples (T.81, A.1.1). */
  readonly width: number;
  readonly height: number;
  /** Blocks that cover it, and blocks allocated so that every interleaved unit is whole. */
  readonly blocksWide: number;
  readonly blocksHigh: number;
  readonly blockStride: number;
  /** [block rows, blockStride, 64] in natural order. */
  readonly coefficients: Int16Array;
}

export interface McuGrid {
  readonly horizontal: number;
  readonly vertical: number;
  readonly mcusWide: number;
  readonly mcusHigh: number;
}

export function mcuGrid(frame: JpegFrame): McuGrid {
  const horizontal = Math.max(...frame.components.map((component) => component.horizontal));
  const vertical = Math.max(...frame.components.map((component) => component.vertical));
  return {
    horizontal,
    vertical,
    mcusWide: Math.ceil(frame.columns / (8 * horizontal)),
    mcusHigh: Math.ceil(frame.rows / (8 * vertical)),
  };
}

export function createPlane(frame: JpegFrame, grid: McuGrid, component: JpegComponent): DctPlane {
  const width = Math.ceil((frame.columns * component.horizontal) / grid.horizontal);
  const height = Math.ceil((frame.rows * component.vertical) / grid.vertical);
  const blockStride = grid.mcusWide * component.horizontal;
  const blockRows = grid.mcusHigh * component.vertical;
  return {
    component,
    width,
    height,
    blocksWide: Math.ceil(width / 8),
    blocksHigh: Math.ceil(height / 8),
    blockStride,
    coefficients: new Int16Array(blockStride * blockRows * 64),
  };
}

/** Samples of a plane: [8 * block rows, 8 * blockStride]. */
export function reconstruct(plane: DctPlane, quantisation: Uint16Array, precision: number): Uint8Array | Uint16Array {
  const stride = 8 * plane.blockStride;
  const size = plane.coefficients.length;
  const samples = precision > 8 ? new Uint16Array(size) : new Uint8Array(size);
  for (let row = 0; row < plane.blocksHigh; row += 1) {
    for (let column = 0; column < plane.blocksWide; column += 1) {
      inverseDct(plane.coefficients, 64 * (row * plane.blockStride + column), quantisation, {
        samples,
        offset: 8 * row * stride + 8 * column,
        stride,
        precision,
      });
    }
  }
  return samples;
}
