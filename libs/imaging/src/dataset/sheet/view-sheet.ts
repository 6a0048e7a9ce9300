import { createRng } from '@fedistl/core';

import { viewStream } from '../../views/render-batch';
import { MINI_VIEWS, PAPER_VIEWS, type ViewConfig, type ViewGroupConfig } from '../../views/view-config';
import { drawViewParameters, originalParameters } from '../../views/view-parameters';
import { ViewRenderer } from '../../views/view-renderer';
import { type DataSet } from '../data-set';
import { DatasetError } from '../dataset.errors';
import { readLevels } from './contact-sheet';
import { type Colour, type Tile, writeTileSheet } from './tile-sheet';

const ORIGINAL: Colour = [255, 255, 255];
const GLOBAL: Colour = [90, 174, 97];
const LOCAL: Colour = [153, 112, 171];

export interface ViewSheetOptions {
  /** Id of the image, as the contact sheet prints it. */
  readonly image: number;
  /** Rows: one epoch each. Default 6. */
  readonly epochs?: number;
  readonly seed?: number | string;
  readonly tileSize?: number;
  /** Default: the published views for caches of 128 px and more, else those of the mini preset. */
  readonly views?: ViewConfig;
}

/**
 * Writes a PNG of the views that training would make of one image: a row for each epoch, with the original (white frame),
 * the global views (green) and the local views (purple). Same seed, same views as in training.
 *
 * @throws DatasetError `DATASET.RANGE` for an image that the set does not use.
 */
export async function writeViewSheet(dataSet: DataSet, file: string, options: ViewSheetOptions): Promise<void> {
  const { image, epochs = 6, seed = 0, tileSize = 128 } = options;
  const selection = dataSet.select();
  const index = selection.items.findIndex(({ id }) => id === image);
  if (index === -1)
    throw new DatasetError('DATASET.RANGE', `data set ${dataSet.name} uses no image with the number ${image}`);
  const size = selection.imageSize;
  const config = options.views ?? (size >= 128 ? PAPER_VIEWS : MINI_VIEWS);
  const renderer = new ViewRenderer(config.mode);
  renderer.setImage({ width: size, height: size, pixels: readLevels(selection, index) });
  const rng = createRng(seed);
  const { contentSha256 } = selection.item(index);
  const group = (views: ViewGroupConfig, firstView: number, epoch: number, frame: Colour): Tile[] =>
    Array.from({ length: views.count }, (_, at) => {
      const parameters = drawViewParameters(
        viewStream(rng, contentSha256, epoch, firstView + at),
        views.augmentation,
        size,
        size,
      );
      const pixels = new Uint8Array(views.size * views.size);
      renderer.renderBytes(parameters, views.size, pixels);
      return { pixels, size: views.size, frame };
    });
  const original = new Uint8Array(config.global.size * config.global.size);
  renderer.renderBytes(originalParameters(size, size), config.global.size, original);
  const rows = Array.from({ length: epochs }, (_, epoch) => [
    { pixels: original, size: config.global.size, frame: ORIGINAL },
    ...group(config.global, 1, epoch, GLOBAL),
    ...group(config.local, 1 + config.global.count, epoch, LOCAL),
  ]);
  await writeTileSheet(file, rows, tileSize);
}
