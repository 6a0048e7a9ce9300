import { createRng } from '@fedistl/core';
import { type DataSetItem } from '@fedistl/imaging';
import { drawShares } from './dirichlet';
import { SimulateError } from './simulate.errors';

/**
 * How images are dealt to virtual sites. `iid`: patients at random. `dirichlet`: each class by shares of its own, drawn from
 * Dir(alpha) (Hsu et al., arXiv 1909.06335): the smaller alpha, the more the sites' prevalences differ. `column`: by an
 * attribute, such as the hospital that an image came from.
 */
export type Partition =
  | { readonly by: 'iid' }
  | { readonly by: 'dirichlet'; readonly alpha: number }
  | { readonly by: 'column'; readonly name: string };

/** @throws SimulateError `SIMULATE.BAD_PARTITION` */
export function parsePartition(text: string): Partition {
  if (text === 'iid') return { by: 'iid' };
  const [kind] = text.split(':', 1);
  const rest = text.slice(text.indexOf(':') + 1);
  const alpha = Number(rest);
  if (kind === 'dirichlet' && rest !== '' && Number.isFinite(alpha) && alpha > 0) return { by: 'dirichlet', alpha };
  if (kind === 'column' && text.includes(':') && rest !== '') return { by: 'column', name: rest };
  throw new SimulateError(
    'SIMULATE.BAD_PARTITION',
    `expected iid, dirichlet:ALPHA with a positive ALPHA, or column:NAME, got ${JSON.stringify(text)}`,
  );
}

/** What the partition looks at. */
export type PartitionItem = Pick<DataSetItem, 'id' | 'contentSha256' | 'label' | 'patient' | 'split' | 'attributes'>;

/** A virtual site: its name, and the rows of its images. */
export interface SiteShare {
  readonly name: string;
  readonly ids: ReadonlySet<number>;
}

/**
 * Deals images to sites. All images of a patient go to one site, but for a column, which says itself where each belongs.
 * Depends on seed and content alone, not on the order of an import.
 *
 * @param sites how many; undefined for as many as a column has values
 * @throws SimulateError `SIMULATE.UNKNOWN_COLUMN`, `SIMULATE.TOO_FEW_GROUPS`
 */
export function partitionImages(
  items: readonly PartitionItem[],
  partition: Partition,
  { sites, seed }: { readonly sites: number | undefined; readonly seed: number },
): SiteShare[] {
  if (partition.by === 'column') return byColumn(items, partition.name, sites);
  const count = sites ?? 3;
  const patients = patientsOf(items);
  if (patients.length < count) throw tooFew(count, `${patients.length} patients`);
  const rng = createRng(seed).stream('simulate/partition');
  const shares = Array.from({ length: count }, () => new Set<number>());
  // Strata keep training and hold-out images of a site alike.
  for (const stratum of [...new Set(patients.map(stratumOf))].sort()) {
    const members = rng.stream(stratum).shuffle(patients.filter((patient) => stratumOf(patient) === stratum));
    const parts =
      partition.by === 'iid'
        ? shares.map(() => 1 / count)
        : drawShares(rng.stream(`shares/${stratum.split('/')[0] ?? ''}`), count, partition.alpha);
    let [end, from] = [0, 0];
    parts.forEach((part, site) => {
      end += part * members.length;
      const to = site === count - 1 ? members.length : Math.round(end);
      for (const { rows } of members.slice(from, to)) for (const { id } of rows) shares[site]?.add(id);
      from = to;
    });
  }
  return shares.map((ids, i) => ({ name: `site-${i + 1}`, ids }));
}

interface Patient {
  readonly key: string;
  readonly rows: readonly PartitionItem[];
}

/** Patients in an order of content: row numbers and pseudonyms differ from one import to the next. */
function patientsOf(items: readonly PartitionItem[]): Patient[] {
  const groups = new Map<string, PartitionItem[]>();
  for (const item of items) {
    const key = item.patient ?? `image ${item.id}`;
    const rows = groups.get(key) ?? [];
    rows.push(item);
    groups.set(key, rows);
  }
  const keyOf = (rows: readonly PartitionItem[]): string =>
    rows.map(({ contentSha256 }) => contentSha256).sort()[0] ?? '';
  return [...groups.values()].map((rows) => ({ key: keyOf(rows), rows })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Class, then whether the patient is trained on. */
function stratumOf({ rows }: Patient): string {
  const has = (label: 0 | 1): boolean => rows.some((row) => row.label === label);
  const name = has(1) ? 'positive' : has(0) ? 'negative' : 'unlabelled';
  return `${name}/${rows[0]?.split ?? ''}`;
}

function byColumn(items: readonly PartitionItem[], name: string, sites: number | undefined): SiteShare[] {
  const groups = new Map<string, Set<number>>();
  for (const { id, attributes } of items) {
    const value = attributes[name];
    if (value === undefined) continue;
    const ids = groups.get(String(value)) ?? new Set();
    groups.set(String(value), ids.add(id));
  }
  if (groups.size === 0) {
    const known = [...new Set(items.flatMap(({ attributes }) => Object.keys(attributes)))].sort();
    throw new SimulateError(
      'SIMULATE.UNKNOWN_COLUMN',
      `no image has the attribute ${name}; known are ${known.join(', ') || 'none'}`,
    );
  }
  if (sites !== undefined && groups.size < sites) throw tooFew(sites, `${groups.size} values of ${name}`);
  const largest = [...groups].sort(([a, x], [b, y]) => y.size - x.size || (a < b ? -1 : 1)).slice(0, sites);
  const named = largest.sort(([a], [b]) => (a < b ? -1 : 1)).map(([value, ids]) => ({ name: siteName(value), ids }));
  // Values that differ in other characters alone are sites all the same.
  return named.map(({ name, ids }, i) => {
    const isTaken = named.some((other, j) => j < i && other.name === name);
    return { name: isTaken ? `${name}-${i + 1}` : name, ids };
  });
}

/** An attribute's value as a site's identifier. */
function siteName(value: string): string {
  const name = value
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  return name === '' ? 'site' : name;
}

function tooFew(sites: number, got: string): SimulateError {
  return new SimulateError('SIMULATE.TOO_FEW_GROUPS', `expected enough for ${sites} sites, got ${got}`);
}
