/** A process of its own that trains, or goes on training: a directory, a behaviour, changes as JSON. A line an event, the hash at the end. */
import { type Behaviour } from '../../config/behaviours';
import { smallRun } from './small-run';

async function main(): Promise<void> {
  const [, , directory = '', behaviour = '', changes = '{}'] = process.argv;
  const { hash } = await smallRun({
    behaviour: behaviour as Behaviour,
    directory,
    changes: JSON.parse(changes) as Record<string, unknown>,
    resume: true,
    onEvent: ({ kind }) => process.stdout.write(`${kind}\n`),
  });
  process.stdout.write(`hash ${hash}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exitCode = 1;
});
