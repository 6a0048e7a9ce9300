import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { toFileError, writeFileAtomic } from '@fedistl/core/node';
import { mkdirFor, modelFile } from './judge-network';
import { type ReproduceContext } from './reproduce-context';
import { ReproduceError } from './reproduce.errors';
import { ridgeName } from './ridge-unit';
import { supervisedName } from './supervised-name';
import { UnitStore } from './unit-store';

/**
 * Takes the finished baselines of an earlier reproduction, so that other settings of the generations can be tried without
 * training them once more. They have to be of the same images, network, protocol and supervised settings.
 *
 * @param folder the earlier reproduction's, with `state/` and `models/`
 * @throws ReproduceError `REPRODUCE.OTHER_RUN` when they differ, `REPRODUCE.NO_BASELINES` when there are none; FileError
 */
export async function takeBaselines(
  context: ReproduceContext,
  seeds: readonly number[],
  folder: string,
): Promise<void> {
  const { store, baselineIdentity } = context;
  const earlier = new UnitStore(path.join(folder, 'state'));
  const earlierModels = path.join(folder, 'models');
  let found = 0;
  for (const seed of seeds) {
    const networks = [supervisedName(seed, 'supervised'), supervisedName(seed, 'all-labels')];
    for (const name of [...networks, ridgeName(seed)]) {
      const unit = await earlier.find(name, baselineIdentity);
      if (unit === undefined) continue;
      found += 1;
      if ((await store.find(name, baselineIdentity)) !== undefined) continue;
      // The network first: a unit that is there is whole.
      if (networks.includes(name))
        await copyModel(modelFile({ models: earlierModels }, name), modelFile(context, name));
      await store.save(name, unit);
    }
  }
  if (found > 0) return;
  throw new ReproduceError(
    'REPRODUCE.NO_BASELINES',
    `expected finished baselines of seeds ${seeds.join(', ')} in ${folder}, got none`,
  );
}

async function copyModel(from: string, to: string): Promise<void> {
  const bytes = await readFile(from).catch((cause: unknown) => {
    throw toFileError(cause, 'read', from);
  });
  await mkdirFor(to);
  await writeFileAtomic(to, [bytes]);
}
