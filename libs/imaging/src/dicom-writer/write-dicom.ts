import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { type TransferSyntax, transferSyntaxOf } from '../decode/dicom/transfer-syntax';
import { attributesOf, type DicomAttribute, type DicomHeader } from './dicom-attribute';
import { concatenate, encodeDataSet, encodeHeader, even } from './encode-data-set';
import { encodeFrames, type FrameEncoding } from './encode-frames';
import { complete, type CompletePixels, type DicomPixels } from './dicom-pixels';
import { pixelDataElement } from './pixel-data-element';

export interface WriteDicomOptions extends FrameEncoding {
  /** UID of the transfer syntax, e.g. '1.2.840.10008.1.2.1'. */
  readonly transferSyntax: string;
  readonly pixels: DicomPixels;
  /** Attributes by keyword: { PatientID: 'P1', ViewPosition: 'PA' }. SOP class and instance have defaults. */
  readonly header?: DicomHeader;
  /** Any other attributes, by tag; they win over defaults. */
  readonly attributes?: readonly DicomAttribute[];
  /** Codestreams to store as they are, one a frame, instead of encoding `pixels.values`. */
  readonly encodedFrames?: readonly Uint8Array[];
  /** Fragments that each frame is cut into; default 1. */
  readonly fragmentsPerFrame?: number;
  /** Basic Offset Table filled (default), left empty, or with offsets that point nowhere (for tests of readers). */
  readonly offsetTable?: 'basic' | 'empty' | 'wrong';
}

const DIGITAL_XRAY_FOR_PRESENTATION = '1.2.840.10008.5.1.4.1.1.1.1';
/** Root of UIDs made from UUIDs (PS3.5, B.2), here from a hash of the content, so that equal input gives an equal file. */
const UUID_ROOT = '2.25.';
const IMPLEMENTATION_UID = '2.25.161803398874989484820458683436563811772';

/**
 * Writes a DICOM Part 10 file (PS3.10, 7).
 *
 * Encodes every transfer syntax that is read here except .55 with 12 bits: native ones, RLE, JPEG baseline, extended,
 * progressive and lossless, JPEG-LS, JPEG 2000 and HTJ2K. It is made for phantoms and test files: it writes the Image Pixel
 * module and what it is given, and does not check that the object is a complete instance of its SOP class.
 *
 * @throws DicomWriteError IMAGING.WRITE when pixels and options do not fit together
 */
export async function writeDicom(options: WriteDicomOptions): Promise<Uint8Array> {
  const syntax = transferSyntaxOf(options.transferSyntax);
  const pixels = complete(options.pixels);
  const codestreams = options.encodedFrames ?? (await encodeFrames(syntax, pixels, options));
  const attributes = mergeAttributes([
    { tag: 0x00080016, vr: 'UI', value: DIGITAL_XRAY_FOR_PRESENTATION },
    { tag: 0x00080018, vr: 'UI', value: instanceUid(pixels, options) },
    ...imagePixelModule(pixels),
    ...attributesOf(options.header ?? {}),
    ...(options.attributes ?? []),
  ]);
  const encoding = { explicitVr: syntax.explicitVr, bigEndian: syntax.bigEndian };
  const body = concatenate([
    encodeDataSet(attributes, encoding),
    pixelDataElement({
      syntax,
      pixels,
      codestreams,
      fragmentsPerFrame: options.fragmentsPerFrame ?? 1,
      offsetTable: options.offsetTable ?? 'basic',
    }),
  ]);
  return concatenate([fileMeta(syntax, attributes), syntax.deflated ? even(deflateRawSync(body), 0) : body]);
}

function imagePixelModule(pixels: CompletePixels): DicomAttribute[] {
  const us = (tag: number, value: number): DicomAttribute => ({ tag, vr: 'US', value });
  return [
    us(0x00280002, pixels.samplesPerPixel),
    { tag: 0x00280004, vr: 'CS', value: pixels.photometricInterpretation },
    ...(pixels.samplesPerPixel === 3 ? [us(0x00280006, pixels.planarConfiguration)] : []),
    ...(pixels.frames === 1 ? [] : [{ tag: 0x00280008, vr: 'IS', value: pixels.frames } as const]),
    us(0x00280010, pixels.rows),
    us(0x00280011, pixels.columns),
    us(0x00280100, pixels.bitsAllocated),
    us(0x00280101, pixels.bitsStored),
    us(0x00280102, pixels.highBit),
    us(0x00280103, pixels.signed ? 1 : 0),
  ];
}

/** The last attribute of each tag wins. */
function mergeAttributes(attributes: readonly DicomAttribute[]): DicomAttribute[] {
  return [...new Map(attributes.map((attribute) => [attribute.tag, attribute])).values()];
}

function instanceUid(pixels: CompletePixels, { transferSyntax, header }: WriteDicomOptions): string {
  const { buffer, byteOffset, byteLength } = pixels.values;
  const hash = createHash('sha256').update(new Uint8Array(buffer, byteOffset, byteLength));
  const digest = hash.update(JSON.stringify([transferSyntax, header ?? {}])).digest('hex');
  return `${UUID_ROOT}${BigInt(`0x${digest.slice(0, 32)}`).toString()}`;
}

/** Preamble, prefix and file meta information, which is always explicit little endian. */
function fileMeta(syntax: TransferSyntax, attributes: readonly DicomAttribute[]): Uint8Array {
  const valueOf = (tag: number): string => {
    const value = attributes.find((attribute) => attribute.tag === tag)?.value;
    return typeof value === 'string' ? value : '';
  };
  const encoding = { explicitVr: true, bigEndian: false };
  const meta = encodeDataSet(
    [
      { tag: 0x00020001, vr: 'OB', value: Uint8Array.of(0, 1) },
      { tag: 0x00020002, vr: 'UI', value: valueOf(0x00080016) },
      { tag: 0x00020003, vr: 'UI', value: valueOf(0x00080018) },
      { tag: 0x00020010, vr: 'UI', value: syntax.uid },
      { tag: 0x00020012, vr: 'UI', value: IMPLEMENTATION_UID },
      { tag: 0x00020013, vr: 'SH', value: 'FEDISTL' },
    ],
    encoding,
  );
  const length = encodeHeader({ tag: 0x00020000, vr: 'UL', length: 4 }, encoding);
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, meta.length, true);
  return concatenate([new Uint8Array(128), Buffer.from('DICM'), length, size, meta]);
}
