import path from 'node:path';
import {
  parsePartition,
  simulateFederation,
  type SimulationResult,
  type VirtualSite,
  virtualSites,
} from '@fedistl/distl';
import { DataSet } from '@fedistl/imaging';
import { type StudyPlan } from '@fedistl/protocol';
import { type Command } from 'commander';
import { dataDirectoryOf, type DataDirFlag } from './dataset-directory';
import { addEngineOptions, countFromZero, engineFrom, type EngineFlags, wholeNumber } from './engine-options';
import { builtInPlan, changedPlan, pixelsOf, type PlanFlags, readPlanFile } from './simulate-plan';
import { simulationProgress, simulationTable } from './simulate-report';

interface SimulateFlags extends EngineFlags, DataDirFlag, PlanFlags {
  readonly data: string;
  readonly positive?: string;
  readonly sites?: number;
  readonly partition: string;
  readonly labelHolders?: number | readonly string[];
  readonly out: string;
  readonly workers?: number;
}

/** `fedistl simulate`: a federation of virtual sites in one process, by the code that real ones run, without the network. */
export function registerSimulate(program: Command): void {
  const command = program
    .command('simulate')
    .description(
      'simulate a federation on one data set: deal it to virtual sites, train every round, judge every generation',
    )
    .requiredOption('--data <name>', 'data set, imported with a labelled share and folds')
    .option('--positive <class>', 'class or finding that is label 1 (the one chosen at import)')
    .option('--sites <count>', 'virtual sites (3, or as many as the column has values)', wholeNumber)
    .option('--partition <how>', 'iid, dirichlet:ALPHA (classes unevenly), or column:NAME (by an attribute)', 'iid')
    .option('--label-holders <which>', 'how many sites, or which by name and comma, have labels (all)', labelHolders)
    .option('--plan <plan>', 'demo, reference, or a JSON file with a whole study plan', 'demo')
    .option('--generations <count>', 'generations after T = initial (those of the plan)', countFromZero)
    .option('--rounds <count>', 'rounds in each of them (those of the plan)', wholeNumber)
    .option('--seed <n>', 'seed of partition, weights, orders and views (that of the plan)', countFromZero)
    .requiredOption('--out <dir>', 'directory of models and state; a simulation that is there goes on')
    .option('--workers <count>', 'threads that make views', countFromZero)
    .option('--data-dir <dir>', 'where data sets lie (FEDISTL_DATA_DIR, else ~/.fedistl/data)')
    .option('--json', 'print one JSON object');
  addEngineOptions(command).action(run);
}

function labelHolders(text: string): number | readonly string[] {
  return /^\d+$/.test(text) ? Number(text) : text.split(',').map((name) => name.trim());
}

async function run(flags: SimulateFlags): Promise<void> {
  const partition = parsePartition(flags.partition);
  const file = await readPlanFile(flags);
  const pixels = pixelsOf(file);
  const dataSet = DataSet.open({
    dataDirectory: dataDirectoryOf(flags),
    name: flags.data,
    ...(flags.positive === undefined ? {} : { positive: flags.positive }),
    ...(pixels === undefined ? {} : { pixels }),
  });
  try {
    const dealt = (plan: StudyPlan): VirtualSite[] =>
      virtualSites({ dataSet, plan, partition, sites: flags.sites, labelHolders: flags.labelHolders });
    // A built-in plan fits itself to the number of sites, which a column tells.
    const plan = changedPlan(file ?? builtInPlan(flags, dataSet, dealt(builtInPlan(flags, dataSet, 1)).length), flags);
    const sites = dealt(plan);
    const engine = await engineFrom(flags);
    try {
      const result = await simulateFederation({
        engine,
        plan,
        sites,
        directory: path.resolve(flags.out),
        ...(flags.workers === undefined ? {} : { workers: flags.workers }),
        onEvent: simulationProgress(),
      });
      process.stdout.write(flags.json === true ? `${JSON.stringify(report(plan, sites, result))}\n` : text(result));
    } finally {
      await engine.dispose();
    }
  } finally {
    dataSet.close();
  }
}

function report(plan: StudyPlan, sites: readonly VirtualSite[], { generations, teacher }: SimulationResult): object {
  return {
    plan,
    sites: sites.map((site) => {
      const { labelled, unlabelled } = site.roundImages(plan.schedule.generations);
      const holdOut = site.holdOut().images.labels.length;
      return { siteId: site.siteId, labelled: labelled.count, unlabelled: unlabelled.count, holdOut };
    }),
    generations,
    teacher,
  };
}

function text({ generations, teacher }: SimulationResult): string {
  const last = teacher === null ? 'no model was promoted' : `teacher ${teacher.hash}\n${teacher.path}`;
  return `${simulationTable(generations)}${last}\n`;
}
