import { homedir } from 'node:os';
import path from 'node:path';
import { ROUTE_VARIABLES, type RouteConventions, routeConventions } from '@fedistl/client/node';
import { ENGINE_NAMES, PROVIDERS } from '@fedistl/compute';
import { parseJson } from '@fedistl/core';
import { readTextFile } from '@fedistl/core/node';
import { defaultDataDirectory } from '@fedistl/imaging';
import { z } from 'zod';
import { NodeError } from '../node.errors';

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** Every setting of the service. The description ends in the unit; names in the environment: `VARIABLES`. */
const nodeConfigSchema = z.strictObject({
  directory: z.string().min(1).describe('The node keeps its keys, policy, state and ledger here'),
  dataDirectory: z.string().min(1).describe('Imported data sets lie here (fedistl dataset import)'),
  unlockSecretFile: z.string().min(1).nullable().describe('Opens the key file; default identity.secret beside it'),
  coordinatorUrl: z.string().min(1).nullable().describe('Takes the place of the address given at enrolment'),
  allowPlainHttp: flag.describe('Take http addresses of other machines'),
  proxy: z
    .string()
    .min(1)
    .nullable()
    .describe('Forward proxy to the coordinator; none takes no conventional one either'),
  proxyCredentialsFile: z.string().min(1).nullable().describe('File user:password for the proxy, mode 0600'),
  noProxy: z.string().min(1).nullable().describe('Hosts that are reached without the proxy'),
  caFile: z.string().min(1).nullable().describe('Certificates in PEM that are trusted beside those of Node'),
  pagePort: whole(0, 65_535).describe('Port of the local page on 127.0.0.1; 0 takes a free one'),
  engine: z.enum(['auto', ...ENGINE_NAMES]).describe('Compute engine; auto measures once and keeps the choice'),
  provider: z.enum(PROVIDERS).nullable().describe('Execution provider of onnxruntime'),
  threads: whole(1, 1024).nullable().describe('Threads of the compute engine'),
  pollSeconds: z.coerce.number().min(0.05).max(3600).describe('How often the coordinator is asked for work, s'),
  heartbeatSeconds: z.coerce.number().min(0.05).max(3600).describe('How often the node says that it lives, s'),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']).describe('What is logged'),
});

type Settings = z.infer<typeof nodeConfigSchema>;
type Setting = keyof Settings;

export type NodeConfig = Readonly<Settings> & {
  /** What the machine's other programs go by, for settings of the way out that are null here. */
  readonly conventions: RouteConventions;
};

/** Name of each setting in the environment. */
export const VARIABLES: Readonly<Record<Setting, string>> = {
  directory: 'FEDISTL_NODE_DIR',
  dataDirectory: 'FEDISTL_DATA_DIR',
  unlockSecretFile: 'FEDISTL_NODE_SECRET_FILE',
  coordinatorUrl: 'FEDISTL_COORDINATOR_URL',
  allowPlainHttp: 'FEDISTL_ALLOW_PLAIN_HTTP',
  ...ROUTE_VARIABLES,
  pagePort: 'FEDISTL_NODE_PAGE_PORT',
  engine: 'FEDISTL_ENGINE',
  provider: 'FEDISTL_PROVIDER',
  threads: 'FEDISTL_THREADS',
  pollSeconds: 'FEDISTL_NODE_POLL_SECONDS',
  heartbeatSeconds: 'FEDISTL_NODE_HEARTBEAT_SECONDS',
  logLevel: 'FEDISTL_LOG_LEVEL',
};

/** Settings with their meaning, for the documentation. */
export function settings(): { setting: string; variable: string; meaning: string }[] {
  return (Object.keys(VARIABLES) as Setting[]).map((setting) => ({
    setting,
    variable: VARIABLES[setting],
    meaning: nodeConfigSchema.shape[setting].description ?? '',
  }));
}

export interface ConfigSources {
  readonly environment: NodeJS.ProcessEnv;
  /** A JSON file of settings; the environment goes before it. */
  readonly file?: string | undefined;
  /** From the command line; goes before both. */
  readonly given?: Partial<Record<Setting, unknown>>;
}

/**
 * @throws NodeError `NODE.CONFIG`, naming the variable or the setting of the file; FileError; JsonError
 */
export async function loadNodeConfig({ environment, file, given = {} }: ConfigSources): Promise<NodeConfig> {
  const fromFile = file === undefined ? {} : objectIn(parseJson(await readTextFile(file, { maxBytes: 1 << 20 })), file);
  const fromEnvironment = Object.fromEntries(
    (Object.keys(VARIABLES) as Setting[])
      .map((setting) => [setting, environment[VARIABLES[setting]]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = nodeConfigSchema.safeParse({ ...defaults(environment), ...fromFile, ...fromEnvironment, ...given });
  if (!result.success) {
    const issues = result.error.issues.map((issue) => {
      const setting = String(issue.path[0] ?? '');
      const variable = setting in VARIABLES ? VARIABLES[setting as Setting] : setting;
      return `${setting in fromEnvironment ? variable : `${setting} (${variable})`}: ${issue.message}`;
    });
    throw new NodeError('NODE.CONFIG', issues.join('; '), { details: { issues } });
  }
  if (environment['NODE_ENV'] === 'production' && (environment['FEDISTL_FAULT'] ?? '') !== '') {
    throw new NodeError('NODE.CONFIG', 'FEDISTL_FAULT: expected nothing in production, got a fault to be made');
  }
  return Object.freeze({ ...result.data, conventions: routeConventions(environment) });
}

function defaults(environment: NodeJS.ProcessEnv): Settings {
  return {
    directory: path.join(homedir(), '.fedistl', 'node'),
    dataDirectory: defaultDataDirectory(environment),
    unlockSecretFile: null,
    coordinatorUrl: null,
    allowPlainHttp: false,
    proxy: null,
    proxyCredentialsFile: null,
    noProxy: null,
    caFile: null,
    pagePort: 7340,
    engine: 'auto',
    provider: null,
    threads: null,
    pollSeconds: 20,
    heartbeatSeconds: 30,
    logLevel: 'info',
  };
}

function objectIn(value: unknown, file: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new NodeError('NODE.CONFIG', `${file}: expected an object of settings`);
}
