import { DecodeError } from '../decode.errors';
import { isStartOfFrame, MARKER } from './jpeg-marker';

export interface JpegComponent {
  readonly id: number;
  readonly horizontal: number;
  readonly vertical: number;
  readonly quantisationTable: number;
}

export interface JpegFrame {
  /** The start-of-frame marker, which tells the process: 0xC0 baseline ... 0xC3 lossless, 0xF7 JPEG-LS. */
  readonly marker: number;
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
  readonly components: readonly JpegComponent[];
}

export interface JpegSegment {
  readonly marker: number;
  /** What lies between the length field and the next marker; empty for markers that stand alone. */
  readonly payload: Uint8Array;
  /** Position in the codestream of the byte after the segment. */
  readonly end: number;
}

export function refuseJpeg(message: string): DecodeError {
  return new DecodeError('IMAGING.CODESTREAM', `JPEG: ${message}`);
}

/**
 * Reads the marker segment at or after `position`, skipping fill bytes.
 *
 * @throws DecodeError IMAGING.CODESTREAM when no marker stands there or its length runs past the end
 */
export function readSegment(bytes: Uint8Array, position: number): JpegSegment {
  let at = position;
  if (bytes[at] !== 0xff) throw refuseJpeg(`expected a marker at byte ${position}`);
  while (bytes[at] === 0xff) at += 1;
  const marker = bytes[at];
  if (marker === undefined || marker === 0) throw refuseJpeg(`expected a marker at byte ${position}`);
  at += 1;
  const alone = marker === MARKER.SOI || marker === MARKER.EOI || (marker >= MARKER.RST0 && marker <= MARKER.RST7);
  if (alone || marker === 0x01) return { marker, payload: bytes.subarray(at, at), end: at };
  const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if (length < 2 || at + length > bytes.length) throw refuseJpeg(`a segment at byte ${position} has a bad length`);
  return { marker, payload: bytes.subarray(at + 2, at + length), end: at + length };
}

/** Reads a frame header (T.81, B.2.2). */
export function readFrame({ marker, payload }: JpegSegment): JpegFrame {
  const count = payload[5] ?? 0;
  if (payload.length < 6 + 3 * count || count === 0) throw refuseJpeg('the frame header is too short');
  const components = Array.from({ length: count }, (_, index) => {
    const at = 6 + 3 * index;
    const sampling = payload[at + 1] ?? 0;
    return {
      id: payload[at] ?? 0,
      horizontal: sampling >> 4,
      vertical: sampling & 15,
      quantisationTable: payload[at + 2] ?? 0,
    };
  });
  if (components.some(({ horizontal, vertical }) => horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4)) {
    throw refuseJpeg('expected sampling factors from 1 to 4');
  }
  return {
    marker,
    precision: payload[0] ?? 0,
    rows: ((payload[1] ?? 0) << 8) | (payload[2] ?? 0),
    columns: ((payload[3] ?? 0) << 8) | (payload[4] ?? 0),
    components,
  };
}

export interface JpegHeader {
  readonly frame: JpegFrame;
  readonly hasJfif: boolean;
  readonly hasAdobe: boolean;
}

/** Reads everything up to the frame header. @throws DecodeError IMAGING.CODESTREAM */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  if (bytes[0] !== 0xff || bytes[1] !== MARKER.SOI) throw refuseJpeg('expected a start of image');
  let position = 2;
  let hasJfif = false;
  let hasAdobe = false;
  for (;;) {
    const segment = readSegment(bytes, position);
    if (isStartOfFrame(segment.marker)) return { frame: readFrame(segment), hasJfif, hasAdobe };
    if (segment.marker === MARKER.SOS || segment.marker === MARKER.EOI)
      throw refuseJpeg('a scan comes before the frame header');
    hasJfif ||= segment.marker === MARKER.APP0 && startsWith(segment.payload, 'JFIF');
    hasAdobe ||= segment.marker === MARKER.APP14 && startsWith(segment.payload, 'Adobe');
    position = segment.end;
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(text).every((code, index) => bytes[index] === code);
}
