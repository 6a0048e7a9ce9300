import { type DicomAttribute, type DicomItem, type DicomValue, type ValueRepresentation } from './dicom-attribute';
import { DicomWriteError } from './writer.errors';

export interface DataSetEncoding {
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
}

/** VRs whose explicit form has two reserved bytes and a length of four (PS3.5, 7.1.2). */
const LONG_FORM: readonly ValueRepresentation[] = ['OB', 'OV', 'OW', 'SQ', 'UN', 'UT'];
const UNDEFINED_LENGTH = 0xffffffff;

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Encodes attributes in ascending order of tag (PS3.5, 7.1). */
export function encodeDataSet(attributes: readonly DicomAttribute[], encoding: DataSetEncoding): Uint8Array {
  const ordered = [...attributes].sort((a, b) => a.tag - b.tag);
  return concatenate(ordered.map((attribute) => encodeAttribute(attribute, encoding)));
}

function encodeAttribute({ tag, vr, value }: DicomAttribute, encoding: DataSetEncoding): Uint8Array {
  const body = encodeValue(vr, value, encoding);
  return concatenate([encodeHeader({ tag, vr, length: body.length }, encoding), body]);
}

export function encodeHeader(
  {
    tag,
    vr,
    length,
  }: { readonly tag: number; readonly vr: ValueRepresentation | null; readonly length: number | null },
  { explicitVr, bigEndian }: DataSetEncoding,
): Uint8Array {
  const long = !explicitVr || vr === null || LONG_FORM.includes(vr);
  const withVr = explicitVr && vr !== null;
  const bytes = new Uint8Array(withVr && long ? 12 : 8);
  const view = new DataView(bytes.buffer);
  const little = !bigEndian;
  view.setUint16(0, tag >>> 16, little);
  view.setUint16(2, tag & 0xffff, little);
  if (withVr) bytes.set([vr.charCodeAt(0), vr.charCodeAt(1)], 4);
  const stored = length ?? UNDEFINED_LENGTH;
  if (long) view.setUint32(withVr ? 8 : 4, stored, little);
  else if (stored > 0xffff) throw new DicomWriteError(`expected a value of at most 65535 bytes, got ${stored}`);
  else view.setUint16(6, stored, little);
  return bytes;
}

function encodeValue(vr: ValueRepresentation, value: DicomValue, encoding: DataSetEncoding): Uint8Array {
  if (value instanceof Uint8Array) return even(value, 0);
  if (vr === 'SQ') return encodeItems(Array.isArray(value) ? (value as readonly DicomItem[]) : [], encoding);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (vr === 'US' || vr === 'SS' || vr === 'UL') return encodeNumbers(vr, values.map(Number), !encoding.bigEndian);
  return even(Buffer.from(values.map(String).join('\\'), 'latin1'), vr === 'UI' ? 0 : 0x20);
}

function encodeNumbers(vr: 'US' | 'SS' | 'UL', values: readonly number[], little: boolean): Uint8Array {
  const size = vr === 'UL' ? 4 : 2;
  const bytes = new Uint8Array(size * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    if (vr === 'UL') view.setUint32(size * index, value, little);
    else view.setUint16(size * index, value & 0xffff, little);
  });
  return bytes;
}

function encodeItems(items: readonly DicomItem[], encoding: DataSetEncoding): Uint8Array {
  return concatenate(
    items.flatMap(({ attributes }) => {
      const body = encodeDataSet(attributes, encoding);
      return [encodeHeader({ tag: 0xfffee000, vr: null, length: body.length }, encoding), body];
    }),
  );
}

/** Values have an even number of bytes (PS3.5, 7.1.1). */
export function even(bytes: Uint8Array, padding: number): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : concatenate([bytes, Uint8Array.of(padding)]);
}
