import { homedir } from 'node:os';
import path from 'node:path';
import { NodeControl } from '@fedistl/client/node';
import { type Command } from 'commander';
import { runInProcess } from '../processes/run-in-process';
import { registerNodePlan } from './node-plan';
import { registerNodePolicy } from './node-policy';
import { statusLines } from './node-status';

export interface NodeFlags {
  readonly dir?: string;
  readonly json?: boolean;
}

interface EnrolFlags extends NodeFlags {
  readonly site: string;
  readonly coordinator: string;
  readonly code: string;
  readonly fingerprint?: string;
}

interface AssignFlags extends NodeFlags {
  readonly study: string;
  readonly data: string;
  readonly positive?: string;
}

/** Where a node keeps everything, as the service itself finds it. */
export function nodeDirectory({ dir }: NodeFlags): string {
  return path.resolve(dir ?? process.env['FEDISTL_NODE_DIR'] ?? path.join(homedir(), '.fedistl', 'node'));
}

export function addNodeDirectory(command: Command): Command {
  return command.option('--dir <dir>', "the node's directory (FEDISTL_NODE_DIR, else ~/.fedistl/node)");
}

/** `fedistl node enrol|start|show|assign|status|plan|pause|resume|policy`: the hospital's side. */
export function registerNode(program: Command): void {
  const node = program.command('node').description("a hospital's node: the hospital's side");
  addNodeDirectory(
    node
      .command('enrol')
      .description('make the keys of this site, here and nowhere else, and enrol with a one-time code')
      .requiredOption('--site <id>', 'site id, as the coordinator gave it')
      .requiredOption('--coordinator <url>', 'its address')
      .requiredOption('--code <code>', 'the one-time code')
      .option(
        '--fingerprint <digits>',
        "the coordinator's, as its people told you by another way; asked for unless given",
      ),
  ).action(({ site, coordinator, code, fingerprint, ...flags }: EnrolFlags) => {
    const given = fingerprint === undefined ? [] : ['--fingerprint', fingerprint];
    run(flags, ['enrol', '--site', site, '--coordinator', coordinator, '--code', code, ...given]);
  });
  addNodeDirectory(node.command('start').description('run the service until it is stopped')).action(
    (flags: NodeFlags) => {
      run(flags, ['start']);
    },
  );
  addNodeDirectory(node.command('show').description('fingerprints of this site and of its coordinator')).action(
    (flags: NodeFlags) => {
      run(flags, ['show']);
    },
  );
  addNodeDirectory(
    node
      .command('assign')
      .description('say which of your data sets serves a study; the coordinator is told counts only')
      .requiredOption('--study <id>', 'study id')
      .requiredOption('--data <name>', 'data set, as "dataset list" shows it')
      .option('--positive <class>', "class or finding that is label 1 (the data set's own)"),
  ).action(({ study, data, positive, ...flags }: AssignFlags) => {
    const given = positive === undefined ? [] : ['--positive', positive];
    run(flags, ['assign', '--study', study, '--data-set', data, ...given]);
  });
  registerControl(node);
  registerNodePlan(node);
  registerNodePolicy(node);
}

function registerControl(node: Command): void {
  const json = (command: Command): Command =>
    addNodeDirectory(command).option('--json', 'print one JSON object', false);
  json(node.command('status').description('what the running node does')).action(async (flags: NodeFlags) => {
    const status = await (await NodeControl.open(nodeDirectory(flags))).status();
    if (flags.json === true) console.log(JSON.stringify(status));
    else for (const line of statusLines(status)) console.log(line);
  });
  json(
    node
      .command('pause')
      .description('take no more rounds; the one at hand is ended')
      .argument('<reason>', 'for the log and the page'),
  ).action(async (reason: string, flags: NodeFlags) => {
    tell(flags, await (await NodeControl.open(nodeDirectory(flags))).pause(reason));
  });
  json(node.command('resume').description('take rounds again')).action(async (flags: NodeFlags) => {
    tell(flags, await (await NodeControl.open(nodeDirectory(flags))).resume());
  });
}

function tell({ json }: NodeFlags, answer: { paused: string | null }): void {
  if (json === true) console.log(JSON.stringify(answer));
  else console.log(answer.paused === null ? 'running' : `paused: ${answer.paused}`);
}

function run(flags: NodeFlags, args: readonly string[]): void {
  runInProcess('node', [...args, '--dir', nodeDirectory(flags)]);
}
