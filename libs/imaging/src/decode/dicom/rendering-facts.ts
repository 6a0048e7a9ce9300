import { type DataSet } from 'dicom-parser';
import { type LookupTable, type RenderingFacts, type VoiFunction, type VoiWindow } from '../decoded-file';
import { DecodeError } from '../decode.errors';
import { codeString, decimalString, firstItem, words } from './attribute';
import { readLookupTable } from './lookup-table';
import { type PixelDescription } from './pixel-description';

/** For files that carry no such facts. */
export const NO_RENDERING_FACTS: RenderingFacts = {
  rescaleSlope: null,
  rescaleIntercept: null,
  modalityLut: null,
  windows: [],
  voiFunction: 'LINEAR',
  voiLut: null,
  presentationLutShape: null,
  palette: null,
  padding: null,
};

const MAX_WINDOWS = 16;

/** @throws DecodeError IMAGING.PALETTE when a palette image has no usable palette */
export function renderingFacts(dataSet: DataSet, pixels: PixelDescription): RenderingFacts {
  const shape = codeString(dataSet, 'x20500020');
  return {
    rescaleSlope: finite(decimalString(dataSet, 'x00281053')),
    rescaleIntercept: finite(decimalString(dataSet, 'x00281052')),
    modalityLut: lutFromSequence(dataSet, 'x00283000', pixels.signed),
    windows: windows(dataSet),
    voiFunction: voiFunction(dataSet),
    voiLut: lutFromSequence(dataSet, 'x00283010', pixels.signed),
    presentationLutShape: shape === 'IDENTITY' || shape === 'INVERSE' ? shape : null,
    palette: pixels.photometricInterpretation === 'PALETTE COLOR' ? palette(dataSet) : null,
    padding: padding(dataSet, pixels.signed),
  };
}

function finite(value: number | undefined): number | null {
  return value ?? null;
}

function lutFromSequence(dataSet: DataSet, tag: string, signed: boolean): LookupTable | null {
  const item = firstItem(dataSet, tag);
  return item === undefined ? null : readLookupTable(item, { descriptor: 'x00283002', data: 'x00283006', signed });
}

/** Window pairs that could be used: the width must be positive (at least 1 for LINEAR, checked where it is applied). */
function windows(dataSet: DataSet): VoiWindow[] {
  const found: VoiWindow[] = [];
  for (let index = 0; index < MAX_WINDOWS; index += 1) {
    const centre = decimalString(dataSet, 'x00281050', index);
    const width = decimalString(dataSet, 'x00281051', index);
    if (centre === undefined || width === undefined) break;
    if (width > 0) found.push({ centre, width });
  }
  return found;
}

function voiFunction(dataSet: DataSet): VoiFunction {
  const name = codeString(dataSet, 'x00281056');
  return name === 'LINEAR_EXACT' || name === 'SIGMOID' ? name : 'LINEAR';
}

function palette(dataSet: DataSet): NonNullable<RenderingFacts['palette']> {
  const channel = (descriptor: string, data: string): LookupTable => {
    const table = readLookupTable(dataSet, { descriptor, data, signed: false });
    if (table === null) throw new DecodeError('IMAGING.PALETTE', 'expected three palette tables, one cannot be read');
    return table;
  };
  return {
    red: channel('x00281101', 'x00281201'),
    green: channel('x00281102', 'x00281202'),
    blue: channel('x00281103', 'x00281203'),
  };
}

/** Pixel Padding Value and Range Limit (PS3.3, C.7.5.1.1.2): either may be the lower one. */
function padding(dataSet: DataSet, signed: boolean): RenderingFacts['padding'] {
  const value = firstWord(dataSet, 'x00280120', signed);
  if (value === undefined) return null;
  const limit = firstWord(dataSet, 'x00280121', signed) ?? value;
  return { low: Math.min(value, limit), high: Math.max(value, limit) };
}

function firstWord(dataSet: DataSet, tag: string, signed: boolean): number | undefined {
  const element = dataSet.elements[tag];
  return element === undefined
    ? undefined
    : words(dataSet, { ...element, length: Math.min(element.length, 2) }, signed)[0];
}
