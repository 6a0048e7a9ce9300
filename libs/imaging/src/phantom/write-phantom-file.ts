import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { encodePhantom, phantomFileName, type PhantomFileOptions } from './phantom-file';
import { type PlannedPhantom } from './plan-phantoms';

/** Folder of a site, 0-based, inside a set's folder. */
export function siteFolder(site: number): string {
  return `site-${site + 1}`;
}

export async function writePhantomFile(
  folder: string,
  planned: PlannedPhantom,
  options: PhantomFileOptions,
): Promise<void> {
  const file = path.join(folder, siteFolder(planned.site), phantomFileName(planned, options.format));
  await writeFile(file, await encodePhantom(planned, options));
}
