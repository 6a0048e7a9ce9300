import {
  type DataSetSettings,
  importDataSet,
  type ImportOptions,
  type ImportResult,
  nameFromSource,
} from '@fedistl/imaging';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DataDirFlag, dataDirectoryOf } from './dataset-directory';
import { ImportProgressBar } from './dataset-progress';
import { printJson, printSummary } from './dataset-tables';
import { countFromZero, wholeNumber } from './engine-options';

interface ImportFlags extends DataDirFlag {
  readonly name?: string;
  readonly labels?: string;
  readonly positive?: string;
  readonly attributes?: string[];
  readonly size?: number;
  readonly bits?: '8' | '16';
  readonly fit?: 'squash' | 'pad';
  readonly mode?: 'clinical' | 'parity';
  readonly seed?: string;
  readonly shares?: DataSetSettings['splitShares'];
  readonly folds?: number;
  readonly foldBy?: 'date' | 'hash';
  readonly labelled?: number;
  readonly fold?: number;
  readonly minSide?: number;
  readonly allowBurntIn?: boolean;
  readonly keepDuplicates?: boolean;
  readonly retry?: boolean;
  readonly report?: string;
  readonly workers?: number;
}

/** `fedistl dataset import SOURCE`: index, check, split and cache a folder, a DICOM export or an archive. */
export function registerDatasetImport(dataset: Command): void {
  dataset
    .command('import')
    .description(
      'bring a data set up to date with a folder of images, a DICOM export or a MedMNIST-layout NPZ; may be interrupted and run again',
    )
    .argument('<source>', 'folder, .npz archive or image file')
    .option('--name <name>', 'name of the data set (made from the source)')
    .option('--labels <file>', 'labels table, .csv or .csv.gz (labels.csv in the source)')
    .option('--positive <class>', 'class or finding that is label 1')
    .option('--attributes <columns>', 'further columns of the labels table to keep; they must identify nobody', list)
    .option(
      '--size <px>',
      'width and height of the cached images (256; for archives the size of their images)',
      wholeNumber,
    )
    .addOption(new Option('--bits <n>', 'depth of cached pixels (8)').choices(['8', '16']))
    .addOption(new Option('--fit <how>', 'to a square (squash)').choices(['squash', 'pad']))
    .addOption(
      new Option('--mode <how>', 'grey levels by the DICOM rules, or as the published code (clinical)').choices([
        'clinical',
        'parity',
      ]),
    )
    .option('--seed <seed>', 'of splits and folds (0)')
    .option(
      '--shares <train,val,test>',
      'shares of patients, where the source gives no splits (0.8,0.1,0.1)',
      splitShares,
    )
    .option('--folds <n>', 'unlabelled folds (3)', wholeNumber)
    .addOption(
      new Option('--fold-by <rule>', 'folds by acquisition date or evenly by hash (hash)').choices(['date', 'hash']),
    )
    .option('--labelled <share>', 'share of labelled training patients put into fold 0 (0)', Number)
    .option('--fold <n>', 'put all images that are new now into this fold', countFromZero)
    .option('--min-side <px>', 'smallest width and height (256 for DICOM, 28 for others)', wholeNumber)
    .option('--allow-burnt-in', 'use images whose header says that text is burnt in')
    .option('--keep-duplicates', 'use images with equal pixels, as published sets hold them')
    .option('--retry', 'look again at images that were quarantined')
    .option(
      '--report <file>',
      'write the paths of files not used and why; the file holds paths, so keep it at the site',
    )
    .option('--workers <n>', 'decoding threads (one a core, at most 8)', wholeNumber)
    .option('--data-dir <dir>', 'where data sets lie (FEDISTL_DATA_DIR, else ~/.fedistl/data)')
    .option('--json', 'print one JSON object')
    .action(async (source: string, flags: ImportFlags) => {
      const bar = new ImportProgressBar(process.stderr);
      const result = await importDataSet(
        importOptions(source, flags, (progress) => {
          bar.update(progress);
        }),
      );
      if (flags.json === true) printJson(result);
      else printResult(result);
    });
}

function importOptions(
  source: string,
  flags: ImportFlags,
  onProgress: ImportOptions['onProgress'] & object,
): ImportOptions {
  const { size, bits, fit, mode, seed, shares, folds, foldBy, labelled, minSide } = flags;
  return {
    dataDirectory: dataDirectoryOf(flags),
    name: flags.name ?? nameFromSource(source),
    source,
    labels: flags.labels ?? null,
    positive: flags.positive ?? null,
    keep: flags.attributes ?? [],
    fold: flags.fold ?? null,
    retry: flags.retry ?? false,
    report: flags.report ?? null,
    pixels: given({ size, bits: bits === undefined ? undefined : bits === '16' ? 16 : 8, fit, mode }),
    settings: given({
      seed,
      splitShares: shares,
      folds,
      foldBy,
      labelledShare: labelled,
      duplicates: flags.keepDuplicates === true ? 'keep' : undefined,
    }),
    rules: given({ minSideDicom: minSide, minSideOther: minSide, allowBurntIn: flags.allowBurntIn }),
    ...given({ workers: flags.workers }),
    onProgress,
  };
}

function printResult({ dataSet, thisImport }: ImportResult): void {
  const { total, added, renewed, relabelled, unchanged, ignoredFiles, unreadableFolders, unmatchedLabels } = thisImport;
  console.log(
    `source: ${total} images: ${added} new, ${renewed} done again, ${relabelled} relabelled, ${unchanged} known`,
  );
  if (ignoredFiles > 0) console.log(`passed over: ${ignoredFiles} files that are not images`);
  if (unreadableFolders > 0)
    console.log(`warning: ${unreadableFolders} folders could not be opened; their images are not here`);
  if (unmatchedLabels > 0) console.log(`labels without an image here: ${unmatchedLabels}`);
  printSummary(dataSet);
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The entries that were given; a flag left out must not override a setting of the set. */
function given<T extends object>(options: T): Given<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function splitShares(text: string): DataSetSettings['splitShares'] {
  const [train, val, test, ...more] = text.split(',').map(Number);
  if (train === undefined || val === undefined || test === undefined || more.length > 0) {
    throw new InvalidArgumentError(`expected three shares like 0.8,0.1,0.1, got "${text}".`);
  }
  return { train, val, test };
}
