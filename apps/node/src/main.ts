import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { DomainError, parseSiteId, parseStudyId } from '@fedistl/core';
import { fingerprintOf } from '@fedistl/crypto';
import { NodeControl } from '@fedistl/client/node';
import { listDataSets } from '@fedistl/imaging';
import { dataPaths } from './config/data-paths';
import { loadNodeConfig, type NodeConfig } from './config/node-config';
import { confirmFingerprint, enrolNode, type EnrolNodeOptions } from './enrolment/enrol-node';
import { readEnrolment } from './enrolment/pinned-coordinator';
import { openSiteIdentity } from './identity/site-identity';
import { NodeError } from './node.errors';
import { startNode } from './start-node';
import { assignDataSet } from './studies/assignments';

const USAGE = `usage: node.cjs COMMAND [--dir DIR] [--config FILE]
  enrol --site ID --coordinator URL --code CODE [--fingerprint "12345 ..."] [--json]
  start
  show
  assign --study ID --data-set NAME [--positive CLASS]
`;

const OPTIONS = {
  dir: { type: 'string' },
  config: { type: 'string' },
  site: { type: 'string' },
  coordinator: { type: 'string' },
  code: { type: 'string' },
  fingerprint: { type: 'string' },
  study: { type: 'string' },
  'data-set': { type: 'string' },
  positive: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Option = Exclude<keyof typeof OPTIONS, 'json'>;
type Values = Partial<Record<Option, string>> & { readonly json?: boolean };

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    args: process.argv.slice(2),
    options: OPTIONS,
    allowPositionals: true,
  });
  const given = values.dir === undefined ? {} : { directory: values.dir };
  const config = await loadNodeConfig({ environment: process.env, file: values.config, given });
  switch (positionals[0]) {
    case 'enrol':
      await enrol(config, values);
      return;
    case 'start':
      await start(config);
      return;
    case 'show':
      await show(config);
      return;
    case 'assign':
      await assign(config, values);
      return;
    default:
      throw new NodeError('NODE.USAGE', USAGE);
  }
}

async function enrol(config: NodeConfig, values: Values): Promise<void> {
  const result = await enrolNode({
    config,
    siteId: parseSiteId(required(values, 'site')),
    baseUrl: required(values, 'coordinator'),
    code: required(values, 'code'),
    confirm: values.fingerprint === undefined ? askPerson : confirmFingerprint(values.fingerprint),
  });
  if (values.json === true) {
    print(JSON.stringify(result));
    return;
  }
  print(`enrolled: ${result.state}`);
  print(`coordinator  ${result.coordinatorFingerprint}`);
  print(`this site    ${result.siteFingerprint}`);
  print("Read this site's number to the coordinator's administrator, who approves it.");
}

const askPerson: EnrolNodeOptions['confirm'] = async ({ fingerprint, identity }) => {
  if (!process.stdin.isTTY) {
    throw new NodeError('NODE.NOT_CONFIRMED', `expected --fingerprint, got none; this coordinator has ${fingerprint}`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    print(`The coordinator ${identity.name} has the fingerprint\n  ${fingerprint}`);
    return (await terminal.question('Is it the one that you were given? Type yes: ')).trim() === 'yes';
  } finally {
    terminal.close();
  }
};

async function start(config: NodeConfig): Promise<void> {
  const node = await startNode(config);
  const control = await NodeControl.open(config.directory);
  // To a terminal only: a log that is kept must not hold the token.
  process.stderr.write(`local page: ${process.stderr.isTTY ? control.pageAddress : node.pageUrl}\n`);
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
    // Started by another program: end with it, however it ends.
    if (process.channel !== undefined) process.once('disconnect', resolve);
  });
  await ended;
  await node.stop();
}

async function show(config: NodeConfig): Promise<void> {
  const paths = dataPaths(config.directory);
  const { siteId, baseUrl, coordinator } = await readEnrolment(paths.coordinator);
  const identity = await openSiteIdentity(paths, config.unlockSecretFile);
  print(`site         ${siteId}\nfingerprint  ${fingerprintOf(identity.public)}`);
  print(`coordinator  ${baseUrl}\nfingerprint  ${coordinator.fingerprint}`);
}

async function assign(config: NodeConfig, values: Values): Promise<void> {
  const study = parseStudyId(required(values, 'study'));
  const dataSet = required(values, 'data-set');
  const known = listDataSets(config.dataDirectory);
  if (!known.includes(dataSet)) {
    const message = `${config.dataDirectory}: expected an imported data set (${known.join(', ') || 'none'}), got ${dataSet}`;
    throw new NodeError('NODE.UNKNOWN_DATA_SET', message);
  }
  await assignDataSet(dataPaths(config.directory).studies, study, { dataSet, positive: values.positive ?? null });
  print(`study ${study}: data set ${dataSet}`);
}

function required(values: Values, name: Option): string {
  const value = values[name];
  if (value === undefined || value === '') throw new NodeError('NODE.USAGE', `expected --${name}, got none\n${USAGE}`);
  return value;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const text = error instanceof DomainError ? `${error.code}: ${error.message}` : String(error);
    process.stderr.write(`error ${text}\n`);
    process.exit(1);
  },
);
