import { type DataSet } from 'dicom-parser';
import { type LookupTable } from '../decoded-file';
import { words } from './attribute';

export interface LookupTableTags {
  readonly descriptor: string;
  readonly data: string;
  /** How to read the first input value when the descriptor's own VR does not say. */
  readonly signed: boolean;
}

/**
 * Reads a look-up table (DICOM PS3.3, C.11.1.1.1): a descriptor of three words (entry count, where 0 means 65 536;
 * first input value; bits per entry) and the entries, as words or, from some writers, as packed bytes.
 *
 * @returns null when the table is absent or its parts do not fit together: then it cannot be applied
 */
export function readLookupTable(dataSet: DataSet, tags: LookupTableTags): LookupTable | null {
  const descriptor = dataSet.elements[tags.descriptor];
  const data = dataSet.elements[tags.data];
  if (descriptor === undefined || data === undefined || descriptor.length < 6 || data.length <= 0) return null;
  const [count = 0, , bits = 0] = words(dataSet, { ...descriptor, length: 6 }, false);
  const signed = descriptor.vr === 'SS' || (descriptor.vr !== 'US' && tags.signed);
  const firstInput = words(dataSet, { ...descriptor, length: 6 }, signed)[1] ?? 0;
  const entryCount = count === 0 ? 65_536 : count;
  if (bits < 1 || bits > 16) return null;
  if (data.length >= 2 * entryCount) {
    const entries = Uint16Array.from(words(dataSet, { ...data, length: 2 * entryCount }, false));
    return { firstInput, bits, entries };
  }
  if (bits <= 8 && data.length >= entryCount) {
    const bytes = dataSet.byteArray.subarray(data.dataOffset, data.dataOffset + entryCount);
    return { firstInput, bits, entries: Uint16Array.from(bytes) };
  }
  return null;
}
