import { type DataSetItem } from '@fedistl/imaging';
import { DemoError } from './demo.errors';
import { type DemoSite } from './demo-site';

/** Attributes that may tell where an image was taken. */
const ORIGINS = ['site', 'source_name', 'hospital', 'scanner'];

/** Images that a value of such an attribute must stand for on average: a column with a name for each image is no origin. */
const PER_ORIGIN = 10;

/** Images of a class that a hold-out needs for an AUC. */
const LEAST = 2;

export interface Deal {
  /** Attribute that the images were dealt by; null where it was the patient. */
  readonly origin: string | null;
  /** For each site its images. */
  readonly shares: readonly (readonly DataSetItem[])[];
}

/**
 * Deals images out to sites: by the first origin that the labels table names and that leaves each site test images of both
 * classes, else by patient. A source that collected one class alone makes a site that can measure nothing.
 *
 * @throws DemoError `DEMO.DATA` when dealt by patient a site would have no two test images of each class
 */
export function dealImages(items: readonly DataSetItem[], sites: readonly DemoSite[]): Deal {
  for (const origin of ORIGINS) {
    const originOf = ({ attributes }: DataSetItem): string => String(attributes[origin] ?? '');
    if (new Set(items.map(originOf)).size * PER_ORIGIN > items.length) continue;
    const shares = dealBy(items, sites.length, originOf);
    if (shares.every(canMeasure)) return { origin, shares };
  }
  const shares = dealBy(items, sites.length, ({ patient, contentSha256 }) => patient ?? contentSha256);
  const poor = shares.findIndex((share) => !canMeasure(share));
  if (poor < 0) return { origin: null, shares };
  const [negative, positive] = testImages(shares[poor] ?? []);
  throw new DemoError(
    'DEMO.DATA',
    `expected at least ${LEAST} test images of each class at each of ${sites.length} sites, got ${positive} positive and ` +
      `${negative} negative at ${sites[poor]?.siteId ?? ''}, of ${items.length} images in all: take more images`,
  );
}

/** Keys are dealt out from the largest down, each to the site that has fewest images. */
function dealBy(items: readonly DataSetItem[], sites: number, keyOf: (item: DataSetItem) => string): DataSetItem[][] {
  const groups = new Map<string, DataSetItem[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  const shares: DataSetItem[][] = Array.from({ length: sites }, () => []);
  for (const [, group] of [...groups].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))) {
    const fewest = Math.min(...shares.map(({ length }) => length));
    shares.find(({ length }) => length === fewest)?.push(...group);
  }
  return shares;
}

function canMeasure(items: readonly DataSetItem[]): boolean {
  return testImages(items).every((count) => count >= LEAST);
}

/** Test images by label: negative, positive. */
function testImages(items: readonly DataSetItem[]): [number, number] {
  const test = items.filter(({ split }) => split === 'test');
  const positives = test.filter(({ label }) => label === 1).length;
  return [test.length - positives, positives];
}
