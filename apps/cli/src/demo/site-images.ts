import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type DataSetSummary, importDataSet, type PixelSpec } from '@fedistl/imaging';
import { DATA_SET, dataDirectoryOf, type DemoSite } from './demo-site';

/** A site's images before its node has taken them in. */
export interface SiteImages {
  readonly site: DemoSite;
  /** Images and `labels.csv` with the columns file, split, label, ... */
  readonly folder: string;
  readonly positive: string;
}

export interface TakeInOptions {
  /** What the plan says of the cached pixels. */
  readonly pixels: PixelSpec;
  /** Unlabelled folds, one a generation after the first. */
  readonly folds: number;
}

/** Share of the label holder's training patients whose labels are used. */
const LABELLED_SHARE = 0.5;

/** Imports the images at their site, as the hospital would with `fedistl dataset import`. */
export async function takeIn({ site, folder, positive }: SiteImages, options: TakeInOptions): Promise<DataSetSummary> {
  const labels = path.join(folder, 'labels.csv');
  if (!site.labelled) await withoutTrainingLabels(labels);
  const { dataSet } = await importDataSet({
    dataDirectory: dataDirectoryOf(site),
    name: DATA_SET,
    source: folder,
    positive,
    settings: { folds: options.folds, labelledShare: site.labelled ? LABELLED_SHARE : 0 },
    pixels: options.pixels,
    // Phantoms, and real images that were split at the plan's size, are smaller than radiographs.
    rules: { minSideOther: Math.min(28, options.pixels.size) },
  });
  return dataSet;
}

/** Empties the label of every row that is not of the test split. */
async function withoutTrainingLabels(file: string): Promise<void> {
  const [header = '', ...rows] = (await readFile(file, 'utf8')).split('\n');
  const columns = header.split(',');
  const [split, label] = [columns.indexOf('split'), columns.indexOf('label')];
  const emptied = rows.map((row) => {
    const cells = row.split(',');
    if (cells.length !== columns.length || cells[split] === 'test') return row;
    cells[label] = '';
    return cells.join(',');
  });
  await writeFile(file, [header, ...emptied].join('\n'));
}
