import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DataSet, encodeGreyPng, importDataSet } from '@fedistl/imaging';
import { dealImages } from './deal-images';
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
  /** Told how the images were dealt: by an attribute of the labels table, or (null) by patient. */
  readonly onDealt: (origin: string | null) => void;
}

const STAGING = 'staging';

/**
 * Splits real images over the sites, as `dealImages` does. Each site gets a folder of PNG files with a labels table; the source
 * is only read.
 *
 * @throws DemoError `DEMO.DATA`, before anything is written to the sites
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
    const { origin, shares: dealt } = dealImages(selection.items, sites);
    options.onDealt(origin);
    const indices = new Map(selection.items.map((item, index) => [item, index]));
    const pixels = new Uint8Array(selection.imageBytes);
    const shares: SiteImages[] = [];
    for (const [k, site] of sites.entries()) {
      const folder = path.join(directory, 'images', site.siteId);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      const rows = ['file,split,label,patient'];
      for (const item of dealt[k] ?? []) {
        const index = indices.get(item) ?? 0;
        const name = `${String(index).padStart(6, '0')}.png`;
        selection.readPixels([index], pixels);
        await writeFile(path.join(folder, name), encodeGreyPng(pixels, size, size));
        rows.push(`${name},${item.split},${item.label === 1 ? positive : 'negative'},${item.patient ?? name}`);
      }
      await writeFile(path.join(folder, 'labels.csv'), [...rows, ''].join('\n'));
      shares.push({ site, folder, positive });
    }
    return shares;
  } finally {
    dataSet.close();
  }
}
