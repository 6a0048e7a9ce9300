import { construct, withWasmCodec, type WasmCodecName } from '../../decode/codecs/wasm-codec';
import { type FrameSamples } from '../encode-frames';
import { DicomWriteError } from '../writer.errors';

interface EncoderFrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned: boolean;
  readonly isUsingColorTransform: boolean;
}

/** What the codec packages' encoders have in common; each has some of the setters. */
interface WasmEncoder {
  getDecodedBuffer(info: EncoderFrameInfo): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  delete(): void;
  setNearLossless(error: number): void;
  setInterleaveMode(mode: number): void;
  setQuality(first: number | boolean, second?: number): void;
  setCompressionRatio(layer: number, ratio: number): void;
  setProgressionOrder(order: number): void;
  setDecompositions(levels: number): void;
}

function encode(
  name: WasmCodecName,
  className: string,
  frame: FrameSamples,
  configure: (encoder: WasmEncoder) => void,
): Promise<Uint8Array> {
  const { pixels, samples, precision } = frame;
  // JPEG 2000 knows signs; then only the stored bits count. The other codecs get two's complement bits.
  const j2k = name === 'openjpeg' || name === 'openjph';
  return withWasmCodec(name, (module) => {
    const encoder = construct(module, className) as WasmEncoder;
    const buffer = encoder.getDecodedBuffer({
      width: pixels.columns,
      height: pixels.rows,
      bitsPerSample: j2k ? pixels.bitsStored : precision,
      componentCount: pixels.samplesPerPixel,
      isSigned: j2k && pixels.signed,
      isUsingColorTransform: false,
    });
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    if (buffer.length !== bytes.length) {
      throw new DicomWriteError(`expected ${bytes.length} bytes of room in ${name}, got ${buffer.length}`);
    }
    buffer.set(bytes);
    configure(encoder);
    encoder.encode();
    const encoded = Uint8Array.from(encoder.getEncodedBuffer());
    encoder.delete();
    return encoded;
  });
}

/** @param near largest error; 0 is lossless */
export function encodeJpegLs(frame: FrameSamples, near: number): Promise<Uint8Array> {
  return encode('charls', 'JpegLSEncoder', frame, (encoder) => {
    encoder.setNearLossless(near);
    // Samples of a pixel side by side, as they come in.
    encoder.setInterleaveMode(frame.pixels.samplesPerPixel === 1 ? 0 : 2);
  });
}

/** Wavelet levels: five, or as many as the shorter side can be halved. */
function decompositions({ pixels }: FrameSamples): number {
  return Math.min(5, Math.floor(Math.log2(Math.min(pixels.rows, pixels.columns))));
}

/** @param ratio null for lossless (5/3 wavelet), else the compression ratio of the 9/7 wavelet */
export async function encodeJpeg2000(frame: FrameSamples, ratio: number | null): Promise<Uint8Array> {
  const encoded = await encode('openjpeg', 'J2KEncoder', frame, (encoder) => {
    encoder.setDecompositions(decompositions(frame));
    encoder.setQuality(ratio === null, 0);
    if (ratio !== null) encoder.setCompressionRatio(0, ratio);
  });
  // This encoder does not throw: when it fails, its buffer holds whatever was there.
  if (encoded[0] !== 0xff || encoded[1] !== 0x4f) throw new DicomWriteError('JPEG 2000 could not encode the frame');
  return encoded;
}

const RESOLUTION_FIRST = 2;

/** @param rpcl order by resolution, position, component, layer, as transfer syntax .202 demands */
export function encodeHtj2k(
  frame: FrameSamples,
  { lossless, rpcl = false }: { readonly lossless: boolean; readonly rpcl?: boolean },
): Promise<Uint8Array> {
  return encode('openjph', 'HTJ2KEncoder', frame, (encoder) => {
    encoder.setDecompositions(decompositions(frame));
    encoder.setQuality(lossless, lossless ? 0 : 0.001);
    if (rpcl) encoder.setProgressionOrder(RESOLUTION_FIRST);
  });
}
