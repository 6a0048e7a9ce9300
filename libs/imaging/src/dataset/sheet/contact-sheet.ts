import { type DataSet } from '../data-set';
import { DatasetError } from '../dataset.errors';
import { type ImageSelection } from '../image-selection';
import { SPLITS, type Split } from '../labels/image-labels';
import { type Colour, type Tile, writeTileSheet } from './tile-sheet';

/** Frame colours: readable with the common kinds of colour blindness. */
const FRAMES: readonly { readonly label: 0 | 1 | null; readonly colour: Colour; readonly word: string }[] = [
  { label: 1, colour: [230, 97, 1], word: 'orange: positive' },
  { label: 0, colour: [67, 147, 195], word: 'blue: negative' },
  { label: null, colour: [150, 150, 150], word: 'grey: unlabelled' },
];

export interface ContactSheetOptions {
  /** Images in a row. Default 10. */
  readonly columns?: number;
  /** Edge of a picture, px. Default 128. */
  readonly tileSize?: number;
  /** Chooses the images. Default 0. */
  readonly seed?: number | string;
}

/** What a row of the sheet shows. */
export interface SheetRow {
  readonly split: Split;
  readonly frame: string;
  /** Ids of the images shown, left to right; `--views` takes one of them. */
  readonly images: readonly number[];
  /** Images that the row was chosen from. */
  readonly from: number;
}

/**
 * Writes a PNG with a row of images for each split and label, chosen by chance.
 *
 * The picture shows patients' images: it is for the operator's eyes and stays at the site.
 */
export async function writeContactSheet(
  dataSet: DataSet,
  file: string,
  options: ContactSheetOptions = {},
): Promise<SheetRow[]> {
  const { columns = 10, tileSize = 128, seed = 0 } = options;
  const legend: SheetRow[] = [];
  const rows: Tile[][] = [];
  for (const split of SPLITS) {
    const selection = dataSet.select({ split });
    const order = [...selection.order(seed, 0)];
    for (const { label, colour, word } of FRAMES) {
      const members = order.filter((index) => selection.item(index).label === label);
      if (members.length === 0) continue;
      const shown = members.slice(0, columns);
      rows.push(
        shown.map((index) => ({ pixels: readLevels(selection, index), size: selection.imageSize, frame: colour })),
      );
      legend.push({ split, frame: word, images: shown.map((index) => selection.item(index).id), from: members.length });
    }
  }
  if (rows.length === 0)
    throw new DatasetError('DATASET.RANGE', `data set ${dataSet.name} has no usable image to show`);
  await writeTileSheet(file, rows, tileSize);
  return legend;
}

/** Pixels of one image as 8-bit levels. */
export function readLevels(selection: ImageSelection, index: number): Uint8Array {
  const bytes = new Uint8Array(selection.imageBytes);
  selection.readPixels([index], bytes);
  return selection.bits === 8 ? bytes : bytes.filter((_, at) => at % 2 === 1);
}
