import sharp from 'sharp';
import { type FrameSamples } from '../encode-frames';
import { DicomWriteError } from '../writer.errors';

/**
 * 8-bit JPEG, baseline or progressive with successive approximation, through libvips. (The encoder of the libjpeg-turbo
 * package gives a codestream no more room than the samples had, and writes past its end for images of a few pixels.)
 *
 * @throws DicomWriteError for more than 8 bits
 */
export async function encodeBaselineJpeg(
  { pixels, samples }: FrameSamples,
  { quality = 90, progressive }: { readonly quality?: number; readonly progressive: boolean },
): Promise<Uint8Array> {
  if (pixels.bitsAllocated !== 8 || pixels.signed) throw new DicomWriteError('expected 8 unsigned bits for 8-bit JPEG');
  const { columns: width, rows: height, samplesPerPixel: channels } = pixels;
  const image = sharp(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength), {
    raw: { width, height, channels },
  });
  return image
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .jpeg({ quality, progressive, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
