/** A process of its own that trains a round, or goes on with it: a directory. A line a step, the blob's hash at the end. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { firstModels, smallEngine, smallRound } from './small-federation';
import { noiseImages, SMALL_PLAN } from './small-study';

async function main(): Promise<void> {
  const [, , directory = ''] = process.argv;
  mkdirSync(path.join(directory, 'round'), { recursive: true });
  const engine = await smallEngine();
  const trained = await smallRound({
    engine,
    plan: SMALL_PLAN,
    generation: 1,
    images: noiseImages('one', 9, 13),
    directory: path.join(directory, 'round'),
    ...(await firstModels(SMALL_PLAN, directory, 1)),
    onProgress: ({ step, steps }) => process.stdout.write(`step ${step}/${steps}\n`),
  });
  process.stdout.write(`hash ${trained.payload.blobHash} ${JSON.stringify(trained.counts)}\n`);
  await engine.dispose();
}

main().catch((error: unknown) => {
  process.stderr.write(String(error));
  process.exitCode = 1;
});
