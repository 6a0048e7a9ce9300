import { type DataSet, type Element, type Fragment } from 'dicom-parser';
import { DecodeError } from '../decode.errors';

export interface EncapsulatedFrames {
  /** One codestream a frame, in order. */
  readonly frames: readonly Uint8Array[];
  readonly warnings: readonly string[];
}

/** Codestreams begin with SOI (JPEG, JPEG-LS: FFD8), SOC (JPEG 2000: FF4F) or a JP2 signature box (0000 000C 6A50). */
function startsCodestream(bytes: Uint8Array): boolean {
  const [a, b, c, d, e, f] = bytes;
  if (a === 0xff) return b === 0xd8 || b === 0x4f;
  return a === 0 && b === 0 && c === 0 && d === 0x0c && e === 0x6a && f === 0x50;
}

/**
 * Gathers the fragments of encapsulated pixel data into frames (DICOM PS3.5, A.4).
 *
 * The offset table is optional, and known to be wrong in real files, so it is believed only when it fits the fragments;
 * otherwise the frames are told apart by where codestreams begin.
 *
 * @param wanted frames to return, counted from the first
 * @throws DecodeError IMAGING.FRAGMENTS when the fragments cannot be shared out among `total` frames
 */
export function encapsulatedFrames(dataSet: DataSet, total: number, wanted: number): EncapsulatedFrames {
  const element = dataSet.elements['x7fe00010'];
  const fragments = element?.fragments ?? [];
  if (element === undefined || fragments.length === 0) {
    throw new DecodeError('IMAGING.NO_PIXEL_DATA', 'expected at least one fragment of pixel data, got none');
  }
  const parts = fragments.map((fragment) => bytesOf(dataSet, fragment));
  if (parts.every((part) => part.length === 0)) {
    throw new DecodeError('IMAGING.NO_PIXEL_DATA', 'expected pixel data, all of its fragments are empty');
  }
  const { starts, warnings } = frameStarts(element, fragments, parts, total);
  const frames = starts.slice(0, wanted).map((start, index) => concatenate(parts.slice(start, starts[index + 1])));
  return { frames, warnings };
}

function bytesOf(dataSet: DataSet, { position, length }: Fragment): Uint8Array {
  const { byteArray } = dataSet;
  if (position + length > byteArray.length) {
    throw new DecodeError('IMAGING.TRUNCATED', 'the file ends inside a fragment of the pixel data');
  }
  return byteArray.subarray(position, position + length);
}

/** Index of the first fragment of each frame. */
function frameStarts(
  element: Element,
  fragments: readonly Fragment[],
  parts: readonly Uint8Array[],
  total: number,
): { starts: readonly number[]; warnings: readonly string[] } {
  const table = element.basicOffsetTable ?? [];
  if (total === 1) return { starts: [0], warnings: table.length > 1 ? ['OFFSET_TABLE_IGNORED'] : [] };
  const fromTable = startsFromTable(table, fragments, total);
  if (fromTable !== null) return { starts: fromTable, warnings: [] };
  const warnings = table.length > 0 ? ['OFFSET_TABLE_IGNORED'] : [];
  if (fragments.length === total) return { starts: fragments.map((_, index) => index), warnings };
  const fromContent = parts.flatMap((part, index) => (startsCodestream(part) ? [index] : []));
  if (fromContent.length === total && fromContent[0] === 0) return { starts: fromContent, warnings };
  throw new DecodeError(
    'IMAGING.FRAGMENTS',
    `expected fragments of ${total} frames, got ${fragments.length} fragments with ${fromContent.length} codestream starts`,
  );
}

function startsFromTable(table: readonly number[], fragments: readonly Fragment[], total: number): number[] | null {
  if (table.length !== total || table[0] !== 0) return null;
  const indexOfOffset = new Map(fragments.map((fragment, index) => [fragment.offset, index]));
  const starts: number[] = [];
  for (const offset of table) {
    const index = indexOfOffset.get(offset);
    if (index === undefined || index <= (starts.at(-1) ?? -1)) return null;
    starts.push(index);
  }
  return starts;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
