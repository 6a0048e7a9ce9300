import { DecodeError } from '../decode.errors';
import { type ExpectedFrame } from './codec';
import { construct, withWasmCodec, type WasmCodecName, type WasmDecoder, type WasmFrameInfo } from './wasm-codec';

const DECODER_CLASS: Readonly<Record<WasmCodecName, string>> = {
  openjpeg: 'J2KDecoder',
  charls: 'JpegLSDecoder',
  openjph: 'HTJ2KDecoder',
  'libjpeg-turbo': 'JPEGDecoder',
};

export interface DecoderOutput {
  /** [rows, columns, samples], interleaved. */
  readonly samples: Uint8Array | Uint16Array;
  readonly info: WasmFrameInfo;
}

/**
 * Decodes one codestream whose geometry was checked, and checks that the codec gave what was asked for.
 *
 * @throws DecodeError IMAGING.CODESTREAM
 */
export async function runDecoder(
  name: WasmCodecName,
  codestream: Uint8Array,
  expected: ExpectedFrame,
): Promise<DecoderOutput> {
  return withWasmCodec(name, (module) => {
    const decoder = construct(module, DECODER_CLASS[name]) as WasmDecoder;
    decoder.getEncodedBuffer(codestream.length).set(codestream);
    decoder.decode();
    const info = decoder.getFrameInfo();
    const decoded = decoder.getDecodedBuffer();
    const wide = info.bitsPerSample > 8;
    const count = expected.rows * expected.columns * expected.samplesPerPixel;
    const bytes = count * (wide ? 2 : 1);
    if (info.width !== expected.columns || info.height !== expected.rows || decoded.length !== bytes) {
      throw new DecodeError(
        'IMAGING.CODESTREAM',
        `expected ${bytes} bytes of samples from ${name}, got ${decoded.length}`,
      );
    }
    // A copy, because the codec's memory is reused; it also aligns the bytes for 16-bit reading.
    const copy = new Uint8Array(decoded);
    const planes = decoder.getInterleaveMode?.() === 0 && expected.samplesPerPixel > 1;
    decoder.delete();
    const samples = wide ? new Uint16Array(copy.buffer) : copy;
    return { samples: planes ? interleave(samples, expected.samplesPerPixel) : samples, info };
  });
}

/** Plane by plane to pixel by pixel. */
export function interleave<Samples extends Uint8Array | Uint16Array>(planar: Samples, planes: number): Samples {
  const pixels = planar.length / planes;
  const result = planar.slice() as Samples;
  for (let plane = 0; plane < planes; plane += 1) {
    for (let pixel = 0; pixel < pixels; pixel += 1)
      result[pixel * planes + plane] = planar[plane * pixels + pixel] ?? 0;
  }
  return result;
}
