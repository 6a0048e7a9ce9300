import { type DataSet, type Element } from 'dicom-parser';

/*
 * Reading single attributes out of a parsed data set. The parser's own accessors throw when a hostile length leaves too
 * few bytes; these give undefined, so that an optional attribute that cannot be read is treated as absent.
 */

/** No attribute that is read as text here is longer; a hostile length must not make a string of the whole file. */
const MAX_TEXT_BYTES = 4096;

/** A code string (VR CS): upper case, at most 16 of A-Z 0-9 space underscore; anything else is not a code string. */
export function codeString(dataSet: DataSet, tag: string, index = 0): string | null {
  const text = string(dataSet, tag, index)?.trim().toUpperCase();
  return text !== undefined && /^[A-Z0-9_ ]{1,16}$/.test(text) ? text : null;
}

/** Text of an element, or one of its backslash-separated values. */
export function string(dataSet: DataSet, tag: string, index?: number): string | undefined {
  const element = dataSet.elements[tag];
  if (element === undefined || element.length <= 0 || element.length > MAX_TEXT_BYTES) return undefined;
  const text = dataSet.string(tag);
  return index === undefined ? text : text?.split('\\')[index];
}

/** All values of a multi-valued code string. */
export function codeStrings(dataSet: DataSet, tag: string): string[] {
  const count = Math.min(string(dataSet, tag)?.split('\\').length ?? 0, 16);
  return Array.from({ length: count }, (_, index) => codeString(dataSet, tag, index) ?? '');
}

/** A decimal string (VR DS) as a finite number. */
export function decimalString(dataSet: DataSet, tag: string, index = 0): number | undefined {
  const text = string(dataSet, tag, index)?.trim();
  if (text === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** An integer string (VR IS). */
export function intString(dataSet: DataSet, tag: string): number | undefined {
  const text = string(dataSet, tag, 0)?.trim();
  return text !== undefined && /^[+-]?\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** Signed or unsigned 16-bit values of an element, in the data set's byte order; those that the file has. */
export function words(dataSet: DataSet, element: Element, signed: boolean): number[] {
  const available = Math.min(element.length, dataSet.byteArray.length - element.dataOffset);
  const count = Math.max(0, Math.floor(available / 2));
  const parser = dataSet.byteArrayParser;
  return Array.from({ length: count }, (_, index) => {
    const position = element.dataOffset + 2 * index;
    return signed ? parser.readInt16(dataSet.byteArray, position) : parser.readUint16(dataSet.byteArray, position);
  });
}

/** First item of a sequence, if it has one. */
export function firstItem(dataSet: DataSet, tag: string): DataSet | undefined {
  return dataSet.elements[tag]?.items?.[0]?.dataSet;
}
