import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from './config.errors';
import { type Environment, environmentSchema, secretVariables, type VariableName } from './environment.schema';

/** The coordinator's configuration; see `environmentSchema` for the meaning of each. Frozen. */
export interface CoordinatorConfig {
  readonly environment: 'production' | 'development';
  readonly dataDirectory: string;
  readonly host: string;
  readonly port: number;
  /** Undefined: the address that the server is bound to. */
  readonly publicUrl: string | undefined;
  readonly trustProxy: number;
  readonly name: string;
  /** Undefined: the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined;
  readonly keySecret: string | undefined;
  readonly logLevel: Environment['FEDISTL_LOG_LEVEL'];
  readonly maximumBodyBytes: number;
  readonly uploads: {
    readonly maximumUpdateBytes: number;
    readonly maximumModelBytes: number;
    readonly maximumOpenBytes: number;
    readonly maximumOpenPerOwner: number;
    readonly idleMs: number;
    readonly expiryMs: number;
  };
  readonly sessionMs: number;
  readonly challengeMs: number;
  readonly heartbeatSeconds: number;
  readonly requestsPerMinute: number;
  readonly loginsPerMinute: number;
  /** How long a coordinator that died keeps a job from the others. */
  readonly jobLeaseMs: number;
  readonly shutdownMs: number;
}

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration from environment variables; `NAME_FILE` names a file with the value of a secret.
 *
 * @throws ConfigError `CONFIG.INVALID` with a line for each variable: name, what was expected, what was got
 */
export function readConfig(variables: Variables): CoordinatorConfig {
  const problems: string[] = [];
  const values = { ...withoutEmpty(variables), ...secretsFromFiles(variables, problems) };
  const result = environmentSchema.safeParse(values);
  for (const issue of result.error?.issues ?? []) {
    const name = String(issue.path[0]) as VariableName;
    const got = secretVariables.includes(name) ? 'a value that is not' : JSON.stringify(values[name] ?? null);
    problems.push(`${name}: expected ${issue.message}, got ${got}`);
  }
  const fault = values['FEDISTL_FAULT'];
  if (fault !== undefined && result.data?.FEDISTL_ENVIRONMENT === 'production') {
    problems.push('FEDISTL_FAULT: expected none with FEDISTL_ENVIRONMENT=production, got one');
  }
  if (result.data === undefined || problems.length > 0) {
    throw new ConfigError('CONFIG.INVALID', problems.join('\n'), { details: { problems } });
  }
  return fromEnvironment(result.data);
}

/** Compose files and unit files set variables to the empty text when they mean none. */
function withoutEmpty(variables: Variables): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

function secretsFromFiles(variables: Variables, problems: string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of secretVariables) {
    const path = variables[`${name}_FILE`];
    if (path === undefined || path === '') continue;
    if (variables[name] !== undefined && variables[name] !== '') {
      problems.push(`${name}_FILE: expected one of ${name} and ${name}_FILE, got both`);
      continue;
    }
    try {
      found[name] = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      problems.push(`${name}_FILE: expected a readable file, got ${String(error)}`);
    }
  }
  return found;
}

function fromEnvironment(values: Environment): CoordinatorConfig {
  return Object.freeze({
    environment: values.FEDISTL_ENVIRONMENT,
    dataDirectory: resolve(values.FEDISTL_DATA_DIR),
    host: values.FEDISTL_HOST,
    port: values.FEDISTL_PORT,
    publicUrl: values.FEDISTL_PUBLIC_URL,
    trustProxy: values.FEDISTL_TRUST_PROXY,
    name: values.FEDISTL_NAME,
    databaseUrl: values.DATABASE_URL,
    keySecret: values.FEDISTL_KEY_SECRET,
    logLevel: values.FEDISTL_LOG_LEVEL,
    maximumBodyBytes: values.FEDISTL_MAX_BODY_BYTES,
    uploads: Object.freeze({
      maximumUpdateBytes: values.FEDISTL_MAX_UPDATE_BYTES,
      maximumModelBytes: values.FEDISTL_MAX_MODEL_BYTES,
      maximumOpenBytes: values.FEDISTL_MAX_OPEN_UPLOAD_BYTES,
      maximumOpenPerOwner: values.FEDISTL_MAX_OPEN_UPLOADS_PER_OWNER,
      idleMs: values.FEDISTL_UPLOAD_IDLE_SECONDS * 1000,
      expiryMs: values.FEDISTL_UPLOAD_EXPIRY_HOURS * 3_600_000,
    }),
    sessionMs: values.FEDISTL_SESSION_SECONDS * 1000,
    challengeMs: values.FEDISTL_CHALLENGE_SECONDS * 1000,
    heartbeatSeconds: values.FEDISTL_HEARTBEAT_SECONDS,
    requestsPerMinute: values.FEDISTL_RATE_PER_MINUTE,
    loginsPerMinute: values.FEDISTL_LOGIN_RATE_PER_MINUTE,
    jobLeaseMs: values.FEDISTL_JOB_LEASE_SECONDS * 1000,
    shutdownMs: values.FEDISTL_SHUTDOWN_SECONDS * 1000,
  });
}
