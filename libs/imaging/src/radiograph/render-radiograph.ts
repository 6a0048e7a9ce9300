import { type DecodedFile, type GreyImage, type GreyOrigin } from '../decode/decoded-file';
import { colourLevels } from './colour-levels';
import { fitToSquare } from './fit-to-square';
import { monochromeLevels } from './monochrome-levels';
import { type RadiographOptions, resolveRadiographOptions } from './radiograph-options';
import { renderParity } from './render-parity';

export interface Radiograph {
  readonly image: GreyImage;
  /** What decided the contrast; worth counting per site, as a mixture is a source of shift. */
  readonly greyOrigin: GreyOrigin;
}

/**
 * Turns a decoded file into the square, one-channel image that training reads. Only the first frame is used.
 *
 * The steps and their order are told at `monochromeLevels`; resizing comes last, on display levels, so that averaging mixes
 * what is seen and not, say, a saturated marker with lung.
 *
 * @throws DecodeError IMAGING.OPTIONS, IMAGING.PALETTE; in parity mode also IMAGING.PARITY_SKIP and IMAGING.CONSTANT
 */
export function renderRadiograph(decoded: DecodedFile, options: Partial<RadiographOptions> = {}): Radiograph {
  const resolved = resolveRadiographOptions(options);
  if (resolved.mode === 'parity') return { image: renderParity(decoded, resolved.size), greyOrigin: 'min-max' };
  const { stored, rendering } = decoded;
  const monochrome =
    stored.photometricInterpretation === 'MONOCHROME1' || stored.photometricInterpretation === 'MONOCHROME2';
  const { source, origin } = monochrome
    ? monochromeLevels(stored, rendering, resolved)
    : { source: colourLevels(stored, rendering), origin: 'colour' as const };
  return { image: fitToSquare(source, resolved), greyOrigin: origin };
}
