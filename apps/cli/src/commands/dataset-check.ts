import { checkDataSet, type CheckResult } from '@fedistl/imaging';
import { type Command } from 'commander';
import { type DataDirFlag, dataDirectoryOf } from './dataset-directory';
import { printJson, printTable } from './dataset-tables';

interface CheckFlags extends DataDirFlag {
  readonly source?: string;
  readonly repair?: boolean;
}

/** `fedistl dataset check NAME`: verify index and pixels, and the source's files when named. Exit code 1 when anything is wrong. */
export function registerDatasetCheck(dataset: Command): void {
  dataset
    .command('check')
    .description('verify the index and every cached image; with --source hash the files again')
    .argument('<name>', 'data set')
    .option('--source <source>', 'what it was imported from (paths are not stored)')
    .option('--repair', 'mark damaged pixels, so that the next import writes them again')
    .option('--data-dir <dir>', 'where data sets lie (FEDISTL_DATA_DIR, else ~/.fedistl/data)')
    .option('--json', 'print one JSON object')
    .action(async (name: string, flags: CheckFlags) => {
      const { source, repair } = flags;
      const result = await checkDataSet({
        dataDirectory: dataDirectoryOf(flags),
        name,
        source: source ?? null,
        repair: repair ?? false,
      });
      if (flags.json === true) printJson(result);
      else printCheck(result, repair === true);
      if (!result.ok) process.exitCode = 1;
    });
}

function printCheck(result: CheckResult, repaired: boolean): void {
  console.log(`${result.dataSet.name}: ${result.ok ? 'in order' : 'NOT in order'}; index ${result.index}`);
  if (!result.dataSet.isComplete) console.log('the first import did not end: run it again');
  printTable(
    ['pixels', 'images', 'damaged', 'trailing bytes'],
    result.caches.map(({ spec, records, damaged, trailingBytes }) => [spec, records, damaged.length, trailingBytes]),
  );
  const damaged = result.caches.flatMap((cache) => cache.damaged.map((record) => ({ spec: cache.spec, ...record })));
  for (const { spec, slot, fault } of damaged.slice(0, 20)) console.log(`  ${spec} record ${slot} ${fault}`);
  if (damaged.length > 20) console.log(`  and ${damaged.length - 20} more`);
  if (damaged.length > 0) {
    console.log(
      repaired ? 'import the source again to rebuild them' : 'run again with --repair, then import the source again',
    );
  }
  if (result.source !== null) {
    const { same, changed, notImported, notInSource } = result.source;
    console.log(
      `source: ${same} files unchanged, ${changed} changed, ${notImported} not imported; ${notInSource} images are from elsewhere or gone`,
    );
  }
}
