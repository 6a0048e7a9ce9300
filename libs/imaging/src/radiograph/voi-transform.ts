import { type LookupTable, type VoiFunction, type VoiWindow } from '../decode/decoded-file';
import { lookUp } from './modality-transform';

/** Modality value to grey level, 0 to 1. */
export type VoiTransform = (value: number) => number;

function clamp(level: number): number {
  return level < 0 ? 0 : level > 1 ? 1 : level;
}

/** Window of the header (DICOM PS3.3, C.11.2.1.2 and C.11.2.1.3). */
export function windowTransform({ centre, width }: VoiWindow, shape: VoiFunction): VoiTransform {
  switch (shape) {
    case 'SIGMOID':
      return (value) => 1 / (1 + Math.exp((-4 * (value - centre)) / width));
    case 'LINEAR_EXACT':
      return (value) => clamp((value - centre) / width + 0.5);
    case 'LINEAR': {
      // The standard's LINEAR takes the width as a number of values, hence the halves and the one.
      if (width <= 1) return (value) => (value > centre - 0.5 ? 1 : 0);
      return (value) => clamp((value - (centre - 0.5)) / (width - 1) + 0.5);
    }
  }
}

/**
 * VOI look-up table (PS3.3, C.11.2.1.1).
 *
 * Writers are known to say 16 bits of a table whose entries use 12; the image would come out almost black, so the range is
 * taken from the largest entry when it leaves the top half of the stated range empty.
 */
export function lutTransform(table: LookupTable): VoiTransform {
  const largest = table.entries.reduce((max, entry) => Math.max(max, entry), 0);
  const stated = 2 ** table.bits - 1;
  const used = 2 ** Math.ceil(Math.log2(largest + 1)) - 1;
  const top = Math.max(1, largest <= stated / 2 ? used : stated);
  return (value) => clamp(lookUp(table, value) / top);
}

/** Everything from `low` to `high`, evenly; a single value gives mid-grey, as nothing tells black from white then. */
export function rangeTransform(low: number, high: number): VoiTransform {
  if (!(high > low)) return () => 0.5;
  return (value) => clamp((value - low) / (high - low));
}
