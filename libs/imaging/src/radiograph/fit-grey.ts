import { type GreyImage } from '../decode/decoded-file';
import { type GreySource } from './grey-source';
import { type RadiographOptions, resolveRadiographOptions } from './radiograph-options';
import { fitToSquare } from './fit-to-square';
import { fitParity } from './render-parity';

/**
 * The last steps of `renderRadiograph` for pixels that are grey levels already, such as those of an NPZ archive: square,
 * resize, depth. Parity mode stretches first, as the published code does with every image it reads.
 *
 * @throws DecodeError IMAGING.OPTIONS; in parity mode IMAGING.CONSTANT
 */
export function fitGrey(image: GreyImage, options: Partial<RadiographOptions> = {}): GreyImage {
  const resolved = resolveRadiographOptions(options);
  const white = 2 ** image.bits - 1;
  // Parity truncates after its stretch, so it needs the levels themselves: 0.6666 * 255 may fall short of 170.
  const scale = resolved.mode === 'parity' ? 1 : white;
  const source: GreySource = {
    rows: image.height,
    columns: image.width,
    cells: image.pixels,
    table: Float32Array.from({ length: white + 1 }, (_, cell) => cell / scale),
  };
  return resolved.mode === 'parity' ? fitParity(source, resolved.size) : fitToSquare(source, resolved);
}
