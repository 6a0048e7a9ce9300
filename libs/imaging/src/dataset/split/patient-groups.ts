import { compareText } from '../source/source-item';
import { copiesByPixels } from './find-duplicates';
import { type SplitRow } from './split-rows';

/** Images of one patient, as far as is known. */
export interface PatientGroup {
  /** Smallest content hash of its images: independent of names, order and the site's key. */
  readonly key: string;
  readonly rows: readonly SplitRow[];
}

/**
 * Groups images by patient; an image without patient stands alone. Patients who share a pixel-equal image are joined: it is
 * one person exported under two numbers, or a mix-up, and either way their images must not lie on both sides of a split.
 */
export function groupByPatient(rows: readonly SplitRow[]): PatientGroup[] {
  const parents = new Map<string, string>();
  const root = (name: string): string => {
    let at = name;
    for (let up = parents.get(at); up !== undefined; up = parents.get(at)) at = up;
    return at;
  };
  const nameOf = (row: SplitRow): string => row.patient ?? `image:${row.contentSha256}`;
  for (const copies of copiesByPixels(rows)) {
    for (const copy of copies.slice(1)) {
      const [left, right] = [root(nameOf(copies[0] ?? copy)), root(nameOf(copy))].sort(compareText);
      if (left !== undefined && right !== undefined && left !== right) parents.set(right, left);
    }
  }
  const groups = new Map<string, SplitRow[]>();
  for (const row of rows) {
    const name = root(nameOf(row));
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [row]);
    else members.push(row);
  }
  return [...groups.values()].map((members) => ({
    key: members.map(({ contentSha256 }) => contentSha256).reduce((least, hash) => (hash < least ? hash : least)),
    rows: members,
  }));
}
