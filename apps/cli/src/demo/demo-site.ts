import path from 'node:path';

/** One of the demo's hospitals. */
export interface DemoSite {
  readonly siteId: string;
  readonly displayName: string;
  /** Whether its training images have labels. The others keep labels of their hold-out alone, to measure with. */
  readonly labelled: boolean;
  /** Everything of the site: images, data set, keys, state. */
  readonly directory: string;
}

/** Name of the data set at every site. */
export const DATA_SET = 'chest';

const NAMES = ['Harbour Hospital', 'Hill Hospital', 'Lake Hospital'];

/** The demo's three hospitals; the first holds labels. */
export function demoSites(directory: string): DemoSite[] {
  return NAMES.map((displayName, place) => ({
    siteId: `site-${place + 1}`,
    displayName,
    labelled: place === 0,
    directory: path.join(directory, `site-${place + 1}`),
  }));
}

/** Where the site's data sets lie. */
export function dataDirectoryOf({ directory }: DemoSite): string {
  return path.join(directory, 'data');
}
