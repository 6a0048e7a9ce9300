import { decodeFile, decodeReport, type DecodeReport } from '@fedistl/imaging';
import { type Command, Option } from 'commander';

interface DecodeFlags {
  readonly json?: boolean;
  readonly frames: 'first' | 'all' | 'refuse';
}

/** Adds `fedistl dataset decode FILE`. @param dataset the `dataset` command group */
export function registerDatasetDecode(dataset: Command): void {
  dataset
    .command('decode')
    .description('decode one DICOM, PNG or JPEG file and print its geometry and the hash of its stored values')
    .argument('<file>', 'the file')
    .addOption(
      new Option('--frames <which>', 'frames of a multi-frame file to decode')
        .choices(['first', 'all', 'refuse'])
        .default('all'),
    )
    .option('--json', 'print one JSON object')
    .action(async (file: string, flags: DecodeFlags) => {
      const report = decodeReport(await decodeFile(file, { frames: flags.frames }));
      console.log(flags.json === true ? JSON.stringify(report) : table(report));
    });
}

function table(report: DecodeReport): string {
  return Object.entries(report)
    .map(([name, value]) => `${name.padEnd(26)} ${Array.isArray(value) ? value.join(', ') || 'none' : String(value)}`)
    .join('\n');
}
