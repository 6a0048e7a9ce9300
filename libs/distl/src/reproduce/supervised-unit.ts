import path from 'node:path';
import { loadVit } from '@fedistl/vit';
import { configHash } from '../config/parse-train-config';
import { train } from '../trainer/trainer';
import { hasConverged, type Length } from './convergence';
import { checkpointsOf, networkOf, randomStart } from './distl-unit';
import { judgeNetwork, keepNetwork, modelFile } from './judge-network';
import { type PaperSplit } from './paper-split';
import { labelsOf, poolData } from './pool-data';
import { type ReproduceContext } from './reproduce-context';
import { type SupervisedKind, supervisedName } from './supervised-name';
import { type UnitResult } from './unit-store';

/**
 * Supervised training until it stops helping: networks are trained from the same random weights for E epochs, 2E, 4E, ..., each
 * with the whole schedule of the learning rate, until the AUC on the validation images has not risen for `patience`
 * doublings and is above chance. The best of them by that AUC, then by cross-entropy, is the unit's.
 *
 * The test images have no part in the choice: only the chosen network scores them. @throws as `train`
 */
export async function runSupervised(
  context: ReproduceContext,
  seed: number,
  split: PaperSplit,
  kind: SupervisedKind,
): Promise<void> {
  const { store, plan } = context;
  const { baselineSteps, doublings, patience } = plan.protocol;
  const name = supervisedName(seed, kind);
  const labelled =
    kind === 'supervised'
      ? split.labelled
      : [...split.labelled, ...split.folds.flat().filter(({ label }) => label !== null)];
  const started = performance.now();
  const shortest = Math.max(1, Math.ceil(baselineSteps / Math.max(1, Math.floor(labelled.length / plan.train.batch))));
  const lengths: Length[] = [];
  const positives = split.validation.filter(({ label }) => label === 1).length;
  const counts = { positives, negatives: split.validation.length - positives };
  for (let doubling = 0; doubling < doublings && !hasConverged(lengths, patience, counts); doubling++) {
    const epochs = shortest * 2 ** doubling;
    const { validation } = await trainLength(context, seed, labelled, split, { name, epochs });
    if (validation !== null) lengths.push({ epochs, ...validation });
  }
  const best = bestOf(lengths);
  const epochs = best?.epochs ?? shortest;
  const { values } = await loadVit(lengthFile(context, name, epochs));
  await keepNetwork(context, modelFile(context, name), values, { seed: String(seed), run: context.baselineIdentity });
  await store.save(name, {
    identity: context.baselineIdentity,
    ...(await judgeNetwork(context, values, split.validation)),
    choice: `${epochs} epochs of ${lengths.map((length) => length.epochs).join(', ')}`,
    converged: hasConverged(lengths, patience, counts),
    epochs,
    images: labelled.length,
    seconds: (performance.now() - started) / 1e3,
  });
  await store.clear(name);
}

/** A baseline's length is what it is asked for. */
const NO_LEAST = { initial: 0, generation: 0 };

async function trainLength(
  context: ReproduceContext,
  seed: number,
  labelled: PaperSplit['labelled'],
  split: PaperSplit,
  { name, epochs }: { readonly name: string; readonly epochs: number },
): Promise<Pick<UnitResult, 'validation'>> {
  const { engine, plan, pool, workers, store } = context;
  const unit = lengthName(name, epochs);
  const known = await store.find(unit, context.baselineIdentity);
  if (known !== undefined) return known;
  const { views, model, train: whole } = plan;
  const config = {
    ...whole,
    selfSupervision: null,
    epochs: { ...whole.epochs, initial: epochs },
    leastSteps: NO_LEAST,
  };
  const labels = labelsOf(labelled);
  const shared = { channels: model.inChannels, batch: config.batch, seed, workers };
  const data = poolData({ ...shared, pool, views, labelled, labels, folds: [] });
  const identity = configHash({ run: context.baselineIdentity, seed, config, data: data.identity });
  const start = randomStart(context, seed);
  const started = performance.now();
  let validation: UnitResult['validation'] = null;
  await train({
    engine,
    config,
    network: networkOf(context),
    data,
    seed,
    generations: 0,
    start: { student: start, teacher: start },
    checkpoints: checkpointsOf(context, path.join(store.workplace(name), `${epochs}-epochs`), identity),
    resume: true,
    onEvent: (event) => {
      context.emit({ kind: 'training', event });
    },
    onStageEnd: async (_stage, session) => {
      const values = await session.weights('student');
      await keepNetwork(context, lengthFile(context, name, epochs), values, {});
      ({ validation } = await judgeNetwork(
        { ...context, unseen: [], set: { ...context.set, test: [] } },
        values,
        split.validation,
      ));
    },
  });
  const seconds = (performance.now() - started) / 1e3;
  const result = { identity: context.baselineIdentity, validation, test: [], unseen: [], choice: null, epochs };
  await store.save(unit, { ...result, images: labelled.length, seconds });
  return result;
}

function lengthName(name: string, epochs: number): string {
  return `${name}-${epochs}-epochs`;
}

function lengthFile({ store }: ReproduceContext, name: string, epochs: number): string {
  return path.join(store.workplace(name), `${epochs}-epochs.safetensors`);
}

function bestOf(lengths: readonly Length[]): Length | undefined {
  return [...lengths].sort((a, b) => b.auc - a.auc || a.loss - b.loss)[0];
}
