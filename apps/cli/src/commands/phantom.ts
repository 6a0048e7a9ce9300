import { PHANTOM_TASKS, type PhantomFormat, type PhantomTask, writePhantoms } from '@fedistl/imaging';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from './engine-options';

interface PhantomFlags {
  readonly count: number;
  readonly size: number;
  readonly task: PhantomTask;
  readonly sites: number;
  readonly seed: string;
  readonly format: PhantomFormat;
  readonly prevalence: number;
  readonly leastSeverity: number;
  readonly json: boolean;
}

/** `fedistl phantom OUT`: synthetic chest radiographs with labels. */
export function registerPhantom(program: Command): void {
  program
    .command('phantom')
    .description('write synthetic chest radiographs with labels; every file says that it is synthetic')
    .argument('<out>', 'folder to write to, new or empty')
    .option('--count <images>', 'radiographs, over all sites', wholeNumber, 300)
    .option('--size <px>', 'width and height', wholeNumber, 256)
    .addOption(new Option('--task <disease>', 'what label 1 shows').choices([...PHANTOM_TASKS]).default('tuberculosis'))
    .option('--sites <count>', 'hospitals, each with a scanner style of its own', wholeNumber, 3)
    .option('--seed <text>', 'the same seed writes the same files', '1')
    .addOption(new Option('--format <kind>', 'kind of file').choices(['png', 'dicom']).default('png'))
    .option('--prevalence <share>', 'share of patients with the disease', share, 0.5)
    .option('--least-severity <share>', 'of the mildest disease, 0 hidden to 1 plain; higher is easier', share, 0.05)
    .option('--json', 'print one JSON object', false)
    .action(run);
}

async function run(out: string, flags: PhantomFlags): Promise<void> {
  const { json, ...options } = flags;
  const terminal = process.stderr.isTTY;
  const summary = await writePhantoms({
    ...options,
    folder: out,
    onProgress: (written, count) => {
      if (terminal && (written % 8 === 0 || written === count)) process.stderr.write(`\r${written} of ${count} images`);
    },
  });
  if (terminal) process.stderr.write('\n');
  if (json) {
    console.log(JSON.stringify(summary));
    return;
  }
  console.log(`${summary.images} SYNTHETIC radiographs of ${summary.patients} made-up patients in ${summary.folder}`);
  for (const site of summary.sites) {
    console.log(`  ${site.folder}: ${site.images} images, ${site.positives} with ${flags.task}`);
  }
  console.log(`  train ${summary.splits.train}, val ${summary.splits.val}, test ${summary.splits.test}`);
}

function share(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('Expected a share from 0 to 1.');
  return value;
}
