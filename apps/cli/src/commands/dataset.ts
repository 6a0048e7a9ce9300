import { listDataSets, summariseDataSet } from '@fedistl/imaging';
import { type Command } from 'commander';
import { registerDatasetCheck } from './dataset-check';
import { registerDatasetDecode } from './dataset-decode';
import { type DataDirFlag, dataDirectoryOf } from './dataset-directory';
import { registerDatasetImport } from './dataset-import';
import { registerDatasetSheet } from './dataset-sheet';
import { printJson, printSummary, printTable } from './dataset-tables';

/** `fedistl dataset`: import, list, check, look at and decode images. */
export function registerDataset(program: Command): void {
  const dataset = program.command('dataset').description('images of this site: import, list, show, check, look at');
  registerDatasetImport(dataset);
  registerList(dataset);
  registerShow(dataset);
  registerDatasetCheck(dataset);
  registerDatasetSheet(dataset);
  registerDatasetDecode(dataset);
}

function registerList(dataset: Command): void {
  dataset
    .command('list')
    .description('data sets of this site')
    .option('--data-dir <dir>', 'where data sets lie (FEDISTL_DATA_DIR, else ~/.fedistl/data)')
    .option('--json', 'print one JSON object')
    .action((flags: DataDirFlag) => {
      const directory = dataDirectoryOf(flags);
      const sets = listDataSets(directory).map((name) => summariseDataSet(directory, name));
      if (flags.json === true) {
        printJson({
          dataSets: sets.map(({ name, found, usable, patients, positive, isComplete }) => ({
            name,
            found,
            usable,
            patients,
            positive,
            isComplete,
          })),
        });
        return;
      }
      if (sets.length === 0) console.log('no data sets yet: fedistl dataset import SOURCE');
      else {
        printTable(
          ['name', 'found', 'usable', 'patients', 'positive', 'state'],
          sets.map((set) => [
            set.name,
            set.found,
            set.usable,
            set.patients === 0 ? '?' : set.patients,
            set.positive ?? '-',
            set.isComplete ? 'complete' : 'import unfinished',
          ]),
        );
      }
    });
}

function registerShow(dataset: Command): void {
  dataset
    .command('show')
    .description('counts by label, split, fold, patient and quarantine reason')
    .argument('<name>', 'data set')
    .option('--data-dir <dir>', 'where data sets lie (FEDISTL_DATA_DIR, else ~/.fedistl/data)')
    .option('--json', 'print one JSON object')
    .action((name: string, flags: DataDirFlag) => {
      const summary = summariseDataSet(dataDirectoryOf(flags), name);
      if (flags.json === true) printJson(summary);
      else printSummary(summary);
    });
}
