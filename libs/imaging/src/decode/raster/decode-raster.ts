import sharp from 'sharp';
import { type DecodedPixels, type DecodeLimits, type PhotometricInterpretation } from '../decoded-file';
import { DecodeError } from '../decode.errors';
import { NO_HEADER_FACTS } from '../dicom/header-facts';
import { NO_RENDERING_FACTS } from '../dicom/rendering-facts';

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG_SIGNATURE = [0xff, 0xd8, 0xff];

/** Format by the first bytes; a file's name is no evidence. */
export function rasterFormat(bytes: Uint8Array): 'png' | 'jpeg' | null {
  if (PNG_SIGNATURE.every((value, index) => bytes[index] === value)) return 'png';
  return JPEG_SIGNATURE.every((value, index) => bytes[index] === value) ? 'jpeg' : null;
}

function refuseRaster(): DecodeError {
  return new DecodeError('IMAGING.RASTER', 'the PNG or JPEG file is damaged or of a kind that is not read');
}

/**
 * Decodes PNG (8 or 16 bit) and JPEG through libvips, as one grey channel or as RGB.
 *
 * Colour profiles are ignored and no gamma is applied: radiographs are exported as bare numbers, and the numbers are kept.
 * Transparency is dropped. Grey stays as it is; a colour file stays RGB and becomes grey when it is rendered.
 *
 * @throws DecodeError IMAGING.RASTER, IMAGING.TOO_LARGE
 */
export async function decodeRaster(
  bytes: Uint8Array,
  format: 'png' | 'jpeg',
  limits: DecodeLimits,
): Promise<DecodedPixels> {
  const open = (): sharp.Sharp =>
    sharp(bytes, { failOn: 'error', limitInputPixels: false, sequentialRead: true, ignoreIcc: true });
  // libvips reads the header only, here; its own limit is off because ours, just below, counts bytes and has a code.
  const { width, height, depth, colour } = await describe(open);
  const bitsAllocated = depth === 'ushort' ? 16 : 8;
  const samplesPerPixel = colour ? 3 : 1;
  const total = (width * height * samplesPerPixel * bitsAllocated) / 8;
  if (total > limits.maxPixelBytes) {
    throw new DecodeError(
      'IMAGING.TOO_LARGE',
      `expected at most ${limits.maxPixelBytes} bytes of pixels, got ${total}`,
    );
  }
  const raw = await pixelsOf(open(), { wide: bitsAllocated === 16, colour });
  if (raw.length !== total) throw refuseRaster();
  const values = bitsAllocated === 16 ? new Uint16Array(new Uint8Array(raw).buffer) : new Uint8Array(raw);
  const photometricInterpretation: PhotometricInterpretation = colour ? 'RGB' : 'MONOCHROME2';
  return {
    format,
    transferSyntax: null,
    framesInFile: 1,
    photometricInterpretation,
    stored: {
      values,
      rows: height,
      columns: width,
      frames: 1,
      samplesPerPixel,
      bitsAllocated,
      bitsStored: bitsAllocated,
      signed: false,
      photometricInterpretation,
    },
    header: NO_HEADER_FACTS,
    rendering: NO_RENDERING_FACTS,
    warnings: [],
  };
}

interface RasterDescription {
  readonly width: number;
  readonly height: number;
  readonly depth: string;
  readonly colour: boolean;
}

async function describe(open: () => sharp.Sharp): Promise<RasterDescription> {
  let found: sharp.Metadata;
  try {
    found = await open().metadata();
  } catch {
    throw refuseRaster();
  }
  const { width, height, depth, space, channels } = found;
  if (depth !== 'uchar' && depth !== 'ushort') throw refuseRaster();
  const grey = space === 'b-w' || space === 'grey16' || channels < 3;
  return { width, height, depth, colour: !grey };
}

async function pixelsOf(
  image: sharp.Sharp,
  { wide, colour }: { readonly wide: boolean; readonly colour: boolean },
): Promise<Buffer> {
  const space = colour ? (wide ? 'rgb16' : 'srgb') : wide ? 'grey16' : 'b-w';
  try {
    return await image
      .removeAlpha()
      .pipelineColourspace(space)
      .toColourspace(space)
      .raw({ depth: wide ? 'ushort' : 'uchar' })
      .toBuffer();
  } catch {
    throw refuseRaster();
  }
}
