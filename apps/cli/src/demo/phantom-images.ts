import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type PhantomTask, writePhantoms } from '@fedistl/imaging';
import { type DemoSite } from './demo-site';
import { type SiteImages } from './site-images';

export interface PhantomImagesOptions {
  readonly directory: string;
  readonly sites: readonly DemoSite[];
  readonly count: number;
  readonly size: number;
  readonly seed: number;
  readonly task: PhantomTask;
  readonly onProgress: (written: number, count: number) => void;
}

/** Easier than the generator's default: the demo's network is small and sees each image a few times. */
const LEAST_SEVERITY = 0.7;

/** Synthetic radiographs of three scanner styles. @returns each site's folder of images with its labels table */
export async function phantomImages(options: PhantomImagesOptions): Promise<SiteImages[]> {
  const { directory, sites, count, size, seed, task, onProgress } = options;
  const folder = path.join(directory, 'phantoms');
  const partial = `${folder}.part`;
  // An interrupted set is made anew: the generator wants an empty folder.
  await rm(partial, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  await writePhantoms({
    folder: partial,
    count,
    size,
    sites: sites.length,
    seed,
    task,
    format: 'png',
    leastSeverity: LEAST_SEVERITY,
    onProgress,
  });
  await rename(partial, folder);
  return sites.map((site, place) => ({ site, folder: path.join(folder, `site-${place + 1}`), positive: task }));
}
