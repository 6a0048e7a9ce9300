/** A process of its own that trains, or goes on training: a directory, a behaviour. A line an event, the hash at the end. */
import { type Behaviour } from '../../config/behaviours';
import { smallRun } from './small-run';

async function main(): Promise<void> {
  const [, , directory = '', behaviour = ''] = process.argv;
  const { hash } = await smallRun({
    behaviour: behaviour as Behaviour,
    directory,
    resume: true,
    onEvent: ({ kind }) => process.stdout.write(`${kind}\n`),
  });
  process.stdout.write(`hash ${hash}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exitCode = 1;
});
