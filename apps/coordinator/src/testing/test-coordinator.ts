import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTestDatabase, type TestDatabase } from '@fedistl/persistence/testing';
import {
  apiBasePath,
  type Endpoint,
  type EndpointName,
  endpoints,
  type ErrorBody,
  type ParsedAnswer,
  type PersonRole,
} from '@fedistl/protocol';
import { type CoordinatorConfig, readConfig, type Variables } from '../config/read-config';
import { createLogger } from '../logging/create-logger';
import { type RunningCoordinator, startCoordinator } from '../start-coordinator';

export interface CallOptions {
  readonly token?: string | undefined;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A coordinator for specs: a listening server on a real PostgreSQL with a database and a data directory of its own. */
export class TestCoordinator {
  /** Log lines, as they were written. */
  readonly log: string[] = [];
  private running: RunningCoordinator | undefined;
  private administratorToken: string | undefined;

  private constructor(
    readonly config: CoordinatorConfig,
    readonly testDatabase: TestDatabase,
  ) {}

  static async start(variables: Variables = {}): Promise<TestCoordinator> {
    const testDatabase = await openTestDatabase();
    const config = readConfig({
      FEDISTL_ENVIRONMENT: 'development',
      FEDISTL_DATA_DIR: await mkdtemp(join(tmpdir(), 'fedistl-coordinator-')),
      FEDISTL_PORT: '0',
      FEDISTL_NAME: 'spec.fedistl',
      FEDISTL_LOGIN_RATE_PER_MINUTE: '1000000',
      FEDISTL_RATE_PER_MINUTE: '1000000',
      FEDISTL_SHUTDOWN_SECONDS: '5',
      DATABASE_URL: testDatabase.url,
      ...variables,
    });
    const coordinator = new TestCoordinator(config, testDatabase);
    await coordinator.resume();
    return coordinator;
  }

  get url(): string {
    if (this.running === undefined) throw new Error('the coordinator does not run');
    return this.running.url;
  }

  /** Of the first administrator. */
  get administrator(): string {
    if (this.administratorToken === undefined) throw new Error('there was no first token');
    return this.administratorToken;
  }

  /** A provider of the running application. */
  get<T>(token: abstract new (...parameters: never[]) => T): T {
    if (this.running === undefined) throw new Error('the coordinator does not run');
    return this.running.get(token);
  }

  async resume(): Promise<void> {
    const destination = { write: (line: string) => void this.log.push(line) };
    this.running = await startCoordinator(this.config, createLogger(this.config, destination));
    this.administratorToken = this.running.firstToken ?? this.administratorToken;
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }

  async dispose(): Promise<void> {
    await this.stop();
    await this.testDatabase.dispose();
    await rm(this.config.dataDirectory, { recursive: true, force: true });
  }

  /** Makes a call of the API by its name in the table. */
  async request(name: EndpointName, options: CallOptions = {}): Promise<Response> {
    const { method, path }: Endpoint = endpoints[name];
    const filled = path.replace(/:([a-zA-Z]+)/g, (_, key: string) => encodeURIComponent(options.params?.[key] ?? ''));
    const query = options.query === undefined ? '' : `?${new URLSearchParams(options.query).toString()}`;
    return fetch(`${this.url}${apiBasePath}${filled}${query}`, {
      method,
      headers: {
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
  }

  /** The parsed answer of a call that must succeed; it must be what the table says. */
  async call<N extends EndpointName>(name: N, options: CallOptions = {}): Promise<ParsedAnswer<N>> {
    const response = await this.request(name, options);
    const endpoint: Endpoint = endpoints[name];
    const text = await response.text();
    if (response.status !== endpoint.status) throw new Error(`${name} answered ${response.status}: ${text}`);
    if (typeof endpoint.answer === 'string') throw new Error(`${name} does not answer JSON`);
    return endpoint.answer.parse(JSON.parse(text)) as ParsedAnswer<N>;
  }

  /** Status and code of a call that must be refused. */
  async refusal(name: EndpointName, options: CallOptions = {}): Promise<string> {
    const response = await this.request(name, options);
    const body = (await response.json()) as ErrorBody;
    return `${response.status} ${body.code}`;
  }

  /** A token for a person. */
  async person(name: string, role: PersonRole): Promise<string> {
    const { token } = await this.call('createToken', {
      token: this.administrator,
      body: { name, role, validDays: 1 },
    });
    return token;
  }
}
