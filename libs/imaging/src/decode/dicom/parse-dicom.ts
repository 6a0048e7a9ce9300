import { inflateRawSync } from 'node:zlib';
import { type DataSet, parseDicom } from 'dicom-parser';
import { DecodeError } from '../decode.errors';
import { type TransferSyntax, transferSyntaxOf } from './transfer-syntax';

export interface ParsedDicom {
  readonly dataSet: DataSet;
  readonly syntax: TransferSyntax;
}

const PREFIX = [0x44, 0x49, 0x43, 0x4d]; // 'DICM'

/** Whether the bytes start like a DICOM Part 10 file: 128 bytes of preamble and the prefix (PS3.10, 7.1). */
export function isDicomPart10(bytes: Uint8Array): boolean {
  return PREFIX.every((value, index) => bytes[128 + index] === value);
}

/**
 * Reads the data set of a DICOM Part 10 file.
 *
 * @param bytes the whole file; elements of the result point into it (or into the inflated copy of a deflated one)
 * @param maxInflatedBytes bound on a deflated data set, against decompression bombs
 * @throws DecodeError IMAGING.DICOM_PARSE, IMAGING.TRUNCATED, IMAGING.TRANSFER_SYNTAX, IMAGING.TOO_LARGE
 */
export function parseDicomFile(bytes: Uint8Array, maxInflatedBytes: number): ParsedDicom {
  let dataSet: DataSet;
  try {
    dataSet = parseDicom(withoutVeryLongVr(bytes), {
      inflater: (input, position) => inflate(input, position, maxInflatedBytes),
    });
  } catch (error) {
    throw parseError(error);
  }
  const uid = dataSet.string('x00020010');
  if (uid === undefined)
    throw new DecodeError('IMAGING.DICOM_PARSE', 'expected a transfer syntax, the file names none');
  return { dataSet, syntax: transferSyntaxOf(uid) };
}

/**
 * The parser does not know the VR `OV` (PS3.5 2019a), whose length takes four bytes, and loses its place on it. The only
 * elements that have it here are the Extended Offset Table and its lengths, which lie directly before the pixel data; in
 * a copy they are renamed to `OB`, which has the same layout.
 */
function withoutVeryLongVr(bytes: Uint8Array): Uint8Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const positions = [0x01, 0x02]
    .map((element) => view.indexOf(Buffer.from([0xe0, 0x7f, element, 0, 0x4f, 0x56, 0, 0])))
    .filter((position) => position >= 0);
  if (positions.length === 0) return bytes;
  const copy = new Uint8Array(bytes);
  for (const position of positions) copy[position + 5] = 0x42;
  return copy;
}

/** The parser wants the file as it was up to `position`, then the inflated data set. */
function inflate(bytes: Uint8Array, position: number, maxInflatedBytes: number): Uint8Array {
  const inflated = inflateRawSync(bytes.subarray(position), { maxOutputLength: maxInflatedBytes });
  const whole = new Uint8Array(position + inflated.length);
  whole.set(bytes.subarray(0, position));
  whole.set(inflated, position);
  return whole;
}

/** Library messages are looked at and never passed on: some quote bytes of the file. */
function parseError(thrown: unknown): DecodeError {
  const inner = typeof thrown === 'object' && thrown !== null && 'exception' in thrown ? thrown.exception : thrown;
  const text = typeof inner === 'string' ? inner : inner instanceof Error ? inner.message : '';
  const code = typeof inner === 'object' && inner !== null && 'code' in inner ? inner.code : undefined;
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return new DecodeError('IMAGING.TOO_LARGE', 'the deflated data set inflates to more than the limit allows');
  }
  if (/past end|overread|overrun|seek to position|unexpected end of file/i.test(text)) {
    return new DecodeError('IMAGING.TRUNCATED', 'the file ends before the data set that its lengths announce');
  }
  return new DecodeError('IMAGING.DICOM_PARSE', 'expected a well-formed DICOM data set; its elements cannot be read');
}
