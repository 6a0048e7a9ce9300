import { type DecodedFile, type GreyImage } from '../decode/decoded-file';
import { DecodeError } from '../decode/decode.errors';
import { colourLevels } from './colour-levels';
import { type GreySource } from './grey-source';
import { firstFrameCells, storedValueOf } from './monochrome-levels';
import { bilinearWeights, resample } from './resample';

/** Side of the intermediate image that the published preparation stores. */
const INTERMEDIATE = 1024;

/**
 * The published DISTL preparation (official repository, DICOM-to-PNG and split scripts), for comparison with the paper:
 *
 * 1. DICOM only: stored values as they are, resized to 1024 x 1024 (bilinear, no antialiasing), stretched from minimum and
 *    maximum to 0-255 and truncated to 8 bits. MONOCHROME1 is not inverted; YBR_FULL_422 files are left out.
 * 2. The 8-bit grey image is stretched to its own minimum and maximum once more, and truncated.
 * 3. Squashed to the wanted size, bilinear, without antialiasing.
 *
 * It has known faults, kept here on purpose: one bright marker sets the range, and inverted films stay inverted.
 *
 * @throws DecodeError IMAGING.PARITY_SKIP for images that the published code leaves out, IMAGING.CONSTANT where it would
 *   divide by zero
 */
export function renderParity(decoded: DecodedFile, size: number): GreyImage {
  if (decoded.photometricInterpretation === 'YBR_FULL_422') {
    throw new DecodeError(
      'IMAGING.PARITY_SKIP',
      'parity mode leaves out YBR_FULL_422 images, as the published code does',
    );
  }
  return fitParity(decoded.format === 'dicom' ? fromDicom(decoded) : eightBit(decoded), size);
}

/** Steps 2 and 3, on 8-bit levels (0-255) or any other. */
export function fitParity({ rows, columns, cells, table }: GreySource, size: number): GreyImage {
  const whole = new Float32Array(cells.length);
  for (let index = 0; index < whole.length; index += 1) whole[index] = table[cells[index] ?? 0] ?? 0;
  const stretched = stretch(whole);
  const source: GreySource = { rows, columns, cells: stretched, table: IDENTITY };
  const levels = resample(source, { width: size, height: size }, bilinearWeights);
  return { width: size, height: size, bits: 8, pixels: new Uint8Array(levels.map(Math.round)) };
}

const IDENTITY = Float32Array.from({ length: 256 }, (_, cell) => cell);

function fromDicom(decoded: DecodedFile): GreySource {
  const { stored } = decoded;
  const square = { width: INTERMEDIATE, height: INTERMEDIATE };
  const levels = resample(
    stored.samplesPerPixel === 1 ? storedLevels(decoded) : eightBit(decoded),
    square,
    bilinearWeights,
  );
  return { rows: INTERMEDIATE, columns: INTERMEDIATE, cells: stretch(levels), table: IDENTITY };
}

/** Stored values themselves as levels, without any look at the header. */
function storedLevels({ stored }: DecodedFile): GreySource {
  const { rows, columns } = stored;
  const cells = firstFrameCells(stored);
  const valueOf = storedValueOf(stored);
  const table = Float32Array.from({ length: cells instanceof Uint8Array ? 256 : 65_536 }, (_, cell) => valueOf(cell));
  return { rows, columns, cells, table };
}

/** Any image as 8-bit grey, the way that an image library opens a file as grey. */
function eightBit({ stored, rendering }: DecodedFile): GreySource {
  if (stored.samplesPerPixel === 1 && stored.bitsAllocated === 8) {
    return { rows: stored.rows, columns: stored.columns, cells: firstFrameCells(stored), table: IDENTITY };
  }
  const { rows, columns, cells, table } =
    stored.samplesPerPixel === 1
      ? {
          ...stored,
          cells: firstFrameCells(stored),
          table: Float32Array.from({ length: 65_536 }, (_, cell) => cell / 65_535),
        }
      : colourLevels(stored, rendering);
  const grey = new Uint8Array(cells.length);
  for (let index = 0; index < grey.length; index += 1) grey[index] = Math.round(255 * (table[cells[index] ?? 0] ?? 0));
  return { rows, columns, cells: grey, table: IDENTITY };
}

/** Minimum and maximum to 0 and 255, fractions cut off. */
function stretch(levels: Float32Array): Uint8Array {
  let low = Infinity;
  let high = -Infinity;
  for (const level of levels) {
    if (level < low) low = level;
    if (level > high) high = level;
  }
  if (!(high > low))
    throw new DecodeError('IMAGING.CONSTANT', 'expected an image with at least two grey levels, got one');
  const stretched = new Uint8Array(levels.length);
  for (let index = 0; index < levels.length; index += 1) {
    // An 8-bit array drops the fraction, which is the published code's cast.
    stretched[index] = (((levels[index] ?? 0) - low) / (high - low)) * 255;
  }
  return stretched;
}
