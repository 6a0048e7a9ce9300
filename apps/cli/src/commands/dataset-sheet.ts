import { DataSet, writeContactSheet, writeViewSheet } from '@fedistl/imaging';
import { type Command } from 'commander';
import { type DataDirFlag, dataDirectoryOf } from './dataset-directory';
import { printJson } from './dataset-tables';
import { wholeNumber } from './engine-options';

interface SheetFlags extends DataDirFlag {
  readonly views?: number;
  readonly columns: number;
  readonly tile: number;
  readonly seed: number | string;
  readonly size?: number;
}

/** `fedistl dataset export-sheet NAME OUT.png`: a picture of some images, or of the training views of one. */
export function registerDatasetSheet(dataset: Command): void {
  dataset
    .command('export-sheet')
    .description(
      'write a PNG with images by split and label, or with the training views of one image; it shows patients: keep it at the site',
    )
    .argument('<name>', 'data set')
    .argument('<out>', 'PNG file')
    .option('--views <image>', 'show the views of this image (a number that the sheet prints)', wholeNumber)
    .option('--columns <n>', 'images in a row, or epochs of views', wholeNumber, 10)
    .option('--tile <px>', 'edge of a picture', wholeNumber, 128)
    .option('--seed <seed>', 'which images, which views', seedOf, 0)
    .option('--size <px>', 'which pixels, when the set has several sizes', wholeNumber)
    .option('--data-dir <dir>', 'where data sets lie (FEDISTL_DATA_DIR, else ~/.fedistl/data)')
    .option('--json', 'print one JSON object')
    .action(async (name: string, out: string, flags: SheetFlags) => {
      const { views, columns, tile, seed, size } = flags;
      const dataSet = DataSet.open({
        dataDirectory: dataDirectoryOf(flags),
        name,
        ...(size === undefined ? {} : { pixels: { size } }),
      });
      try {
        if (views !== undefined) {
          await writeViewSheet(dataSet, out, { image: views, epochs: columns, tileSize: tile, seed });
          if (flags.json === true) printJson({ image: views, epochs: columns });
          else console.log(`views of image ${views}: one row an epoch; white: original, green: global, purple: local`);
          return;
        }
        const rows = await writeContactSheet(dataSet, out, { columns, tileSize: tile, seed });
        if (flags.json === true) printJson({ rows });
        else
          for (const row of rows)
            console.log(`${row.split}, ${row.frame} (of ${row.from}): images ${row.images.join(' ')}`);
      } finally {
        dataSet.close();
      }
    });
}

/** A number where it is one: seeds 7 and '7' are different streams, and training is given numbers. */
function seedOf(text: string): number | string {
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}
