import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parsePixelSpec } from '@fedistl/imaging';
import { type StudyPlan } from '@fedistl/protocol';
import { type DemoSite } from './demo-site';
import { type DemoOptions } from './demo-options';
import { folderImages } from './folder-images';
import { phantomImages } from './phantom-images';
import { type SiteImages, takeIn } from './site-images';

/** Of the phantoms; another one makes other patients. */
const SEED = 1;

/** Makes or splits the images and has each site import its own. */
export async function prepareImages(
  options: DemoOptions,
  sites: readonly DemoSite[],
  plan: StudyPlan,
  say: (text: string) => void,
): Promise<void> {
  const pixels = parsePixelSpec(plan.training.views.pixels);
  for (const { directory } of sites) await rm(directory, { recursive: true, force: true });
  const images = await imagesOf(options, sites, pixels.size, say);
  for (const share of images) {
    const { usable, splits } = await takeIn(share, { pixels, folds: Math.max(1, plan.schedule.generations) });
    const kind = share.site.labelled ? 'with labels' : 'without labels';
    const holdOut = splits['test']?.images ?? 0;
    say(`  ${share.site.siteId}, ${share.site.displayName}: ${usable} images ${kind}, ${holdOut} held out`);
  }
}

async function imagesOf(
  { source, directory, images, signal }: DemoOptions,
  sites: readonly DemoSite[],
  size: number,
  say: (text: string) => void,
): Promise<SiteImages[]> {
  const onProgress = (): void => {
    signal.throwIfAborted();
  };
  if (source !== null) {
    say(`splitting the images of ${source.folder} over ${sites.length} sites`);
    return folderImages({
      directory: path.join(directory, 'split'),
      sites,
      source: source.folder,
      positive: source.positive,
      size,
      onProgress,
      onDealt: (origin) => {
        say(origin === null ? '  by patient' : `  by the column ${origin} of the labels table`);
      },
    });
  }
  say(`making ${images} SYNTHETIC radiographs of ${sites.length} scanner styles`);
  return phantomImages({ directory, sites, count: images, size, seed: SEED, task: 'covid', onProgress });
}
