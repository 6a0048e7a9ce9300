import { SPLIT_PRECEDENCE } from '../labels/image-labels';
import { compareText } from '../source/source-item';
import { type SplitRow } from './split-rows';

export type DuplicateVerdict = 'duplicate' | 'label_conflict';

/**
 * Which images give way to another one with the same pixels.
 *
 * The copy in the most held-out split stays (test, then val, then train): a training image that equals a validation image
 * would teach the answer. Among equals, one that is labelled, then one that was kept so far, then the smallest content hash stays. When copies carry
 * different labels nobody can tell which is right, and none is used.
 */
export function findDuplicates(rows: readonly SplitRow[]): Map<number, DuplicateVerdict> {
  const verdicts = new Map<number, DuplicateVerdict>();
  for (const copies of copiesByPixels(rows)) {
    if (labelsDisagree(copies)) {
      for (const { id } of copies) verdicts.set(id, 'label_conflict');
      continue;
    }
    const [, ...others] = [...copies].sort(compareCopies);
    for (const { id } of others) verdicts.set(id, 'duplicate');
  }
  return verdicts;
}

/** Groups of two or more rows with equal pixels. */
export function copiesByPixels(rows: readonly SplitRow[]): SplitRow[][] {
  const groups = new Map<string, SplitRow[]>();
  for (const row of rows) {
    if (row.pixelKey === null) continue;
    const group = groups.get(row.pixelKey);
    if (group === undefined) groups.set(row.pixelKey, [row]);
    else group.push(row);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function compareCopies(left: SplitRow, right: SplitRow): number {
  return (
    precedence(left) - precedence(right) ||
    Number(isLabelled(right)) - Number(isLabelled(left)) ||
    // Only an image that was kept so far has a split of its own.
    Number(right.split !== null) - Number(left.split !== null) ||
    compareText(left.contentSha256, right.contentSha256) ||
    left.id - right.id
  );
}

function precedence(row: SplitRow): number {
  const split = row.givenSplit ?? row.split;
  return split === null ? SPLIT_PRECEDENCE.length : SPLIT_PRECEDENCE.indexOf(split);
}

function isLabelled(row: SplitRow): boolean {
  return row.className !== null || row.findings.size > 0;
}

function labelsDisagree(copies: readonly SplitRow[]): boolean {
  const classes = new Set(copies.map(({ className }) => className).filter((name) => name !== null));
  if (classes.size > 1) return true;
  const seen = new Map<string, number>();
  for (const { findings } of copies) {
    for (const [name, value] of findings) {
      if ((seen.get(name) ?? value) !== value) return true;
      seen.set(name, value);
    }
  }
  return false;
}
