import { type ReproductionRecord } from '@fedistl/evaluation';
import { pixelSpecText } from '@fedistl/imaging';
import { type PreparedReproduction, prepareReproduction, type ReproductionInput } from './prepare-reproduction';
import { type ReproduceContext } from './reproduce-context';
import { ReproduceError } from './reproduce.errors';
import { type ReproductionTask } from './reproduction-tasks';
import { reproductionRows } from './reproduction-rows';
import { takeBaselines } from './take-baselines';
import { runInOrder } from './run-in-order';
import { type UnitStore, type UnitResult } from './unit-store';

export interface ReproduceOptions extends ReproductionInput {
  readonly software: string;
  readonly confidence: number;
  /** Folder of an earlier reproduction, whose finished baselines are taken over. */
  readonly baselines?: string;
  /** Other processes that compute, each by `reproduceTask`; without it this one computes one task after the other. */
  readonly processes?: TaskProcesses;
}

export interface TaskProcesses {
  /** How many compute at the same time. */
  readonly atOnce: number;
  /** Computes the task of a name; the signal asks it to stop. */
  readonly run: (task: string, signal: AbortSignal) => Promise<void>;
}

export interface Reproduction {
  readonly record: ReproductionRecord;
  /** Computing time of all units, s: with several processes more than what passed meanwhile. */
  readonly seconds: number;
}

/**
 * The DISTL curve of a data set, with its baselines, for several seeds. Finished units are kept in `state/`: ended anywhere and
 * started again with the same options, it goes on and ends in the same record. Everything that can be refused is refused
 * before anything is written.
 *
 * @throws DistlError as `train`; ReproduceError; FileError; see docs/errors/reproduce.md
 */
export async function reproduce(options: ReproduceOptions): Promise<Reproduction> {
  const prepared = await prepareReproduction(options);
  const { context, tasks, variants } = prepared;
  const { store, set, unseen } = context;
  const { processes, baselines } = options;
  if (baselines !== undefined) await takeBaselines(context, options.seeds, baselines);
  await runInOrder(tasks, processes?.atOnce ?? 1, async (task, signal) => {
    await runTask(context, task, tasks, processes === undefined ? undefined : () => processes.run(task.name, signal));
  });
  const results = new Map<string, UnitResult>();
  for (const { units, identity } of tasks) {
    for (const unit of units) results.set(unit, await finished(store, unit, identity(context)));
  }
  const rows = reproductionRows({ ...options, variants, test: set.test, unseen }, (unit) => known(results, unit));
  return {
    seconds: [...results.values()].reduce((sum, unit) => sum + unit.seconds, 0),
    record: recordOf(options, prepared, rows),
  };
}

/**
 * Computes one task of a reproduction, as another process asks for it that has the same options. Does nothing when it is
 * finished already.
 *
 * @throws as `reproduce`; ReproduceError `REPRODUCE.TASK_UNKNOWN`
 */
export async function reproduceTask(input: ReproductionInput, name: string): Promise<void> {
  const { context, tasks } = await prepareReproduction(input);
  const task = tasks.find((each) => each.name === name);
  if (task === undefined) {
    const names = tasks.map((each) => each.name).join(', ');
    throw new ReproduceError('REPRODUCE.TASK_UNKNOWN', `expected a task of these options: ${names}; got ${name}`);
  }
  await task.run(context);
}

async function runTask(
  context: ReproduceContext,
  task: ReproductionTask,
  tasks: readonly ReproductionTask[],
  elsewhere: (() => Promise<void>) | undefined,
): Promise<void> {
  const { store, emit } = context;
  const event = { name: task.name, unit: tasks.indexOf(task), units: tasks.length };
  const found = await Promise.all(task.units.map((unit) => store.find(unit, task.identity(context))));
  if (found.every((unit) => unit !== undefined)) {
    // What is left if the process ended between its last unit and the clearing up.
    await store.clear(task.name);
    emit({ kind: 'unit-known', ...event });
    return;
  }
  emit({ kind: 'unit-started', ...event });
  await (elsewhere?.() ?? task.run(context));
  emit({ kind: 'unit-ended', ...event });
}

function recordOf(
  { engine, dataSet, plan, seeds, generations, software, confidence, ...input }: ReproduceOptions,
  { context: { set, unseen }, fingerprint, split }: PreparedReproduction,
  rows: ReproductionRecord['rows'],
): ReproductionRecord {
  return {
    format: 'fedistl.reproduction/1',
    software,
    engine: `${engine.name} on ${engine.provider}`,
    confidence,
    seeds,
    generations,
    data: {
      name: dataSet.name,
      positive: dataSet.positive ?? '',
      fingerprint,
      pixels: pixelSpecText(dataSet.pixels),
      training: set.training.length,
      test: set.test.length,
      testPositives: set.test.filter(({ label }) => label === 1).length,
      testIsOwn: set.testIsOwn,
      validationIsOwn: set.validation !== null,
      unseenClass: input.unseen?.name ?? null,
      unseen: unseen.length,
      labelled: split?.labelled.length ?? 0,
      validation: split?.validation.length ?? 0,
      folds: split?.folds.map(({ length }) => length) ?? [],
    },
    settings: plan,
    rows,
  };
}

async function finished(store: UnitStore, unit: string, identity: string): Promise<UnitResult> {
  const result = await store.find(unit, identity);
  if (result !== undefined) return result;
  throw new ReproduceError('REPRODUCE.STATE_DAMAGED', `unit ${unit} has gone from ${store.directory}: run it again`);
}

function known(results: ReadonlyMap<string, UnitResult>, unit: string): UnitResult {
  const result = results.get(unit);
  if (result !== undefined) return result;
  throw new ReproduceError('REPRODUCE.STATE_DAMAGED', `unit ${unit} was not computed`);
}
