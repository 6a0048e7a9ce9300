import { type LookupTable, type RenderingFacts } from '../decode/decoded-file';

/** Value of a look-up table; inputs outside it take the first or last entry (DICOM PS3.3, C.11.1.1.1). */
export function lookUp(table: LookupTable, input: number): number {
  const index = Math.min(Math.max(Math.round(input) - table.firstInput, 0), table.entries.length - 1);
  return table.entries[index] ?? 0;
}

/**
 * Stored value to modality value (PS3.3, C.11.1): by look-up table if there is one, else `slope * value + intercept`.
 *
 * A table and a rescale exclude each other in the standard; where a file has both, the table is the more specific one.
 */
export function modalityTransform(rendering: RenderingFacts): (stored: number) => number {
  const { modalityLut, rescaleSlope, rescaleIntercept } = rendering;
  if (modalityLut !== null) return (stored) => lookUp(modalityLut, stored);
  // A slope of zero would make the image constant; it is a writer's fault, and 1 is what such writers mean.
  const slope = rescaleSlope === null || rescaleSlope === 0 ? 1 : rescaleSlope;
  const intercept = rescaleIntercept ?? 0;
  return (stored) => stored * slope + intercept;
}
