import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DataSet, type DataSetItem, encodeGreyPng, importDataSet } from '@fedistl/imaging';
import { DemoError } from './demo.errors';
import { type DemoSite } from './demo-site';
import { type SiteImages } from './site-images';

export interface FolderImagesOptions {
  readonly directory: string;
  readonly sites: readonly DemoSite[];
  /** Folder of images, DICOM export or NPZ archive. */
  readonly source: string;
  readonly positive: string;
  readonly size: number;
  readonly onProgress: (done: number, total: number) => void;
}

/** Attributes that tell where an image was taken. */
const ORIGINS = ['site', 'source_name', 'hospital', 'scanner'];
const STAGING = 'staging';

/**
 * Splits real images over the sites: by the origin that the labels table names, when there are enough origins, else by
 * patient. Each site gets a folder of PNG files with a labels table; the source is only read.
 *
 * @throws DemoError `DEMO.DATA` when a site would have no labelled test image of each class
 */
export async function folderImages(options: FolderImagesOptions): Promise<SiteImages[]> {
  const { directory, sites, source, positive, size, onProgress } = options;
  const dataDirectory = path.join(directory, STAGING);
  await importDataSet({
    dataDirectory,
    name: STAGING,
    source,
    positive,
    pixels: { size },
    onProgress: ({ done, total }) => {
      onProgress(done, total);
    },
  });
  const dataSet = DataSet.open({ dataDirectory, name: STAGING, positive });
  try {
    const selection = dataSet.select({ label: 'known' });
    const place = placeOf(selection.items, sites.length);
    const shares = sites.map((site) => ({ site, folder: path.join(directory, 'images', site.siteId), positive }));
    const rows = sites.map(() => ['file,split,label,patient']);
    for (const { folder } of shares) {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
    }
    const pixels = new Uint8Array(selection.imageBytes);
    for (const [index, item] of selection.items.entries()) {
      const share = place(item);
      const name = `${String(index).padStart(6, '0')}.png`;
      selection.readPixels([index], pixels);
      await writeFile(path.join(shares[share]?.folder ?? '', name), encodeGreyPng(pixels, size, size));
      rows[share]?.push(`${name},${item.split},${item.label === 1 ? positive : 'negative'},${item.patient ?? name}`);
    }
    for (const [share, { folder }] of shares.entries()) {
      checkHoldOut(
        selection.items.filter((item) => place(item) === share),
        shares[share]?.site.siteId ?? '',
      );
      await writeFile(path.join(folder, 'labels.csv'), [...(rows[share] ?? []), ''].join('\n'));
    }
    return shares;
  } finally {
    dataSet.close();
  }
}

/** Which site an image goes to. Origins are dealt out from the largest down, each to the site that has fewest images. */
function placeOf(items: readonly DataSetItem[], sites: number): (item: DataSetItem) => number {
  const origin = ORIGINS.find((name) => valuesOf(items, name).size >= sites);
  const keyOf = (item: DataSetItem): string =>
    origin === undefined ? (item.patient ?? item.contentSha256) : String(item.attributes[origin] ?? '');
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  const loads = Array.from({ length: sites }, () => 0);
  const places = new Map<string, number>();
  for (const [key, count] of [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))) {
    const lightest = loads.indexOf(Math.min(...loads));
    places.set(key, lightest);
    loads[lightest] = (loads[lightest] ?? 0) + count;
  }
  return (item) => places.get(keyOf(item)) ?? 0;
}

function valuesOf(items: readonly DataSetItem[], attribute: string): Set<string> {
  const values = items.map(({ attributes }) => attributes[attribute]);
  return new Set(values.filter((value) => value !== undefined).map(String));
}

function checkHoldOut(items: readonly DataSetItem[], siteId: string): void {
  const test = items.filter(({ split }) => split === 'test');
  const positives = test.filter(({ label }) => label === 1).length;
  if (positives >= 2 && test.length - positives >= 2) return;
  throw new DemoError(
    'DEMO.DATA',
    `expected at least 2 test images of each class at ${siteId}, got ${positives} positive and ${test.length - positives} negative of ${items.length} images: take more images`,
  );
}
