import { type DataSet } from '@fedistl/imaging';
import { type StudyPlan } from '@fedistl/protocol';
import { requirePixels } from '../round-images';
import { type Partition, partitionImages } from './partition';
import { SimulateError } from './simulate.errors';
import { VirtualSite } from './virtual-site';

export interface VirtualSitesOptions {
  readonly dataSet: DataSet;
  readonly plan: StudyPlan;
  readonly partition: Partition;
  /** How many; undefined for as many as the partition's column has values, else 3. */
  readonly sites: number | undefined;
  /** How many, from the first on, or which have the labels of the labelled set; undefined for all. */
  readonly labelHolders: number | readonly string[] | undefined;
}

/**
 * Makes hospitals of a data set: its labelled set, folds and test split stay what they are, each is dealt to the sites.
 *
 * @throws SimulateError `SIMULATE.UNKNOWN_COLUMN`, `SIMULATE.TOO_FEW_GROUPS`, `SIMULATE.UNKNOWN_SITE`; RoundError
 *   `ROUND.OTHER_PIXELS`; DatasetError `DATASET.POSITIVE_REQUIRED`
 */
export function virtualSites({ dataSet, plan, partition, sites, labelHolders }: VirtualSitesOptions): VirtualSite[] {
  requirePixels(dataSet, plan);
  const { items } = dataSet.select();
  const shares = partitionImages(items, partition, { sites, seed: plan.training.seed });
  const names = shares.map(({ name }) => name);
  const holders = typeof labelHolders === 'object' ? labelHolders : names.slice(0, labelHolders);
  const unknown = holders.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new SimulateError(
      'SIMULATE.UNKNOWN_SITE',
      `expected label holders among ${names.join(', ')}, got ${unknown.join(', ')}`,
    );
  }
  return shares.map((share) => new VirtualSite(dataSet, share, holders.includes(share.name)));
}
