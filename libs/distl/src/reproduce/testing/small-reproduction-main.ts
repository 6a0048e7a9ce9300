/** A process of its own that reproduces, or goes on: a folder with data, a name. A line an event, the record at the end. */
import { smallReproduction } from './small-reproduction';

async function main(): Promise<void> {
  const [, , folder = '', name = ''] = process.argv;
  const { record } = await smallReproduction(folder, name, {
    onEvent: (event) => process.stdout.write(`${event.kind === 'training' ? event.event.kind : event.kind}\n`),
  });
  process.stdout.write(`record ${JSON.stringify(record)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exitCode = 1;
});
