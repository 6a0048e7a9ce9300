import path from 'node:path';
import { importDataSet, writePhantoms } from '@fedistl/imaging';

/**
 * Imports a few synthetic radiographs; half of the training images are labelled.
 *
 * @returns the data directory
 */
export async function importSiteImages(directory: string, { name = 'chest', count = 80 } = {}): Promise<string> {
  const folder = path.join(directory, `phantoms-${name}`);
  const dataDirectory = path.join(directory, 'data');
  await writePhantoms({
    folder,
    count,
    task: 'tuberculosis',
    sites: 1,
    seed: 7,
    size: 64,
    format: 'png',
    workers: 0,
  });
  await importDataSet({
    dataDirectory,
    name,
    source: path.join(folder, 'site-1'),
    positive: 'tuberculosis',
    pixels: { size: 32 },
    settings: { labelledShare: 0.5, folds: 1 },
    workers: 1,
  });
  return dataDirectory;
}
