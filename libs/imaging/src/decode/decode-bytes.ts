import { createHash } from 'node:crypto';
import {
  type DecodedFile,
  type DecodedPixels,
  type DecodeOptions,
  type FileFacts,
  type StoredValues,
} from './decoded-file';
import { DecodeError } from './decode.errors';
import { decodeDicom } from './dicom/decode-dicom';
import { isDicomPart10 } from './dicom/parse-dicom';
import { resolveLimits } from './limits';
import { decodeRaster, rasterFormat } from './raster/decode-raster';

/**
 * Decodes a file's bytes in this thread. `decodeFile` does the same in a worker, with limits on time and memory: use that
 * for files whose origin is not certain.
 *
 * @throws DecodeError when the bytes are not an image that can be read, with the code of the reason
 */
export async function decodeBytes(file: Uint8Array, options: DecodeOptions = {}): Promise<DecodedFile> {
  const limits = resolveLimits(options.limits);
  // A plain view: `slice` of a Buffer shares memory, and the decoders change what they have sliced.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length > limits.maxFileBytes) {
    throw new DecodeError(
      'IMAGING.TOO_LARGE',
      `expected a file of at most ${limits.maxFileBytes} bytes, got ${bytes.length}`,
    );
  }
  const decoded = await guarded(async () => {
    if (isDicomPart10(bytes)) return decodeDicom(bytes, { frames: options.frames ?? 'first', limits });
    const format = rasterFormat(bytes);
    if (format !== null) return decodeRaster(bytes, format, limits);
    throw new DecodeError('IMAGING.NOT_AN_IMAGE', 'expected DICOM Part 10, PNG or JPEG, got neither');
  });
  return withHashes(bytes, decoded);
}

/**
 * Keeps one file from ending an import: anything thrown that is no refusal becomes one, under a code of its own, because it
 * is a fault of this library and should be reported. Its message is dropped, as it may quote the file.
 */
async function guarded(decode: () => Promise<DecodedPixels>): Promise<DecodedPixels> {
  try {
    return await decode();
  } catch (error) {
    if (error instanceof DecodeError) throw error;
    if (error instanceof RangeError && /allocation failed/i.test(error.message)) {
      throw new DecodeError('IMAGING.MEMORY', 'the file needs more memory than there is');
    }
    const kind = error instanceof Error ? error.name : typeof error;
    throw new DecodeError(
      'IMAGING.UNEXPECTED',
      `expected the file to be decoded or refused, got a ${kind} in the decoder`,
    );
  }
}

function withHashes(bytes: Uint8Array, decoded: DecodedPixels): DecodedFile {
  const { stored } = decoded;
  const facts: FileFacts = {
    format: decoded.format,
    transferSyntax: decoded.transferSyntax,
    rows: stored.rows,
    columns: stored.columns,
    framesInFile: decoded.framesInFile,
    framesDecoded: stored.frames,
    samplesPerPixel: stored.samplesPerPixel,
    bitsAllocated: stored.bitsAllocated,
    bitsStored: stored.bitsStored,
    signed: stored.signed,
    photometricInterpretation: decoded.photometricInterpretation,
    fileSha256: sha256(bytes),
    storedSha256: sha256(bytesOf(stored.values)),
    header: decoded.header,
    rendering: decoded.rendering,
    warnings: decoded.warnings,
  };
  return { ...facts, stored };
}

/** Memory of the values; little endian on every machine that Node 20 is built for but s390x, which is not supported. */
function bytesOf(values: StoredValues): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
