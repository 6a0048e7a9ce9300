import path from 'node:path';
import { importDataSet, writePhantoms } from '@fedistl/imaging';

/** Imports a few synthetic radiographs as the data set `chest`; half of the training images are labelled. @returns the data directory */
export async function importSiteImages(directory: string): Promise<string> {
  const folder = path.join(directory, 'phantoms');
  const dataDirectory = path.join(directory, 'data');
  await writePhantoms({
    folder,
    count: 80,
    task: 'tuberculosis',
    sites: 1,
    seed: 7,
    size: 64,
    format: 'png',
    workers: 0,
  });
  await importDataSet({
    dataDirectory,
    name: 'chest',
    source: path.join(folder, 'site-1'),
    positive: 'tuberculosis',
    pixels: { size: 32 },
    settings: { labelledShare: 0.5, folds: 1 },
    workers: 1,
  });
  return dataDirectory;
}
