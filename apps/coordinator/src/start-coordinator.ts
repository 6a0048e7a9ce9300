import 'reflect-metadata';
import { access, chmod, constants, mkdir } from 'node:fs/promises';
import { type Server as HttpServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Database, DirectoryBlobStore, openDatabase, startEmbeddedPostgres } from '@fedistl/persistence';
import { type NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Logger } from 'pino';
import { holdAsService } from './administration/service-lock';
import { ConfigError } from './config/config.errors';
import { type CoordinatorConfig } from './config/read-config';
import { CoordinatorModule, type CoordinatorResources } from './coordinator.module';
import { Readiness } from './health/readiness';
import { setUpHttp } from './http/set-up-http';
import { openCoordinatorIdentity } from './identity/coordinator-identity';
import { createLogger } from './logging/create-logger';
import { NestLogger } from './logging/nest-logger';
import { TokensService } from './people/tokens.service';
import { SocketServer } from './sockets/socket-server';
import { stopGracefully } from './stop-gracefully';
import { UploadHandler } from './transfer/upload-handler';
import { UploadStore } from './transfer/upload-store';

export interface RunningCoordinator {
  /** Where it listens: `http://127.0.0.1:8473`. */
  readonly url: string;
  /** Of the first administrator, at the very first start; to be shown once. */
  readonly firstToken: string | undefined;
  /** Takes no more requests, finishes those that run, stops the jobs, closes sockets and database. Twice is once. */
  readonly stop: () => Promise<void>;
  /** A provider of the application, for tools and specs within the process. */
  readonly get: <T>(token: abstract new (...parameters: never[]) => T) => T;
}

/** Undoes what was opened, the last first. */
type Closer = () => Promise<void>;

/**
 * Starts a coordinator: data directory, identity, PostgreSQL, migrations, blobs, HTTP and sockets. When a step fails, those
 * before it are undone.
 *
 * @throws DomainError with the reason, such as `PERSISTENCE.UNREACHABLE`, `KEY_FILE.LOCKED`
 */
export async function startCoordinator(
  config: CoordinatorConfig,
  logger: Logger = createLogger(config),
): Promise<RunningCoordinator> {
  const closers: Closer[] = [];
  const close = async (): Promise<void> => {
    for (let next = closers.pop(); next !== undefined; next = closers.pop()) await next();
  };
  try {
    const resources = await openResources(config, { logger, closers });
    // Nest types its options as a class, of which one makes no instances.
    const options: unknown = { logger: new NestLogger(logger), bodyParser: false, abortOnError: false };
    const app = await NestFactory.create<NestExpressApplication>(
      CoordinatorModule.of(resources),
      options as NestApplicationOptions,
    );
    closers.push(() => app.close());
    setUpHttp(app, { config, logger });
    await app.get(UploadHandler).start();
    const firstToken = await app.get(TokensService).createFirst();
    const http: HttpServer = app.getHttpServer();
    app.get(SocketServer).attach(http);
    await listen(app, config);
    closers.push(() =>
      stopGracefully(http, {
        readiness: app.get(Readiness),
        sockets: app.get(SocketServer),
        waitMs: config.shutdownMs,
      }),
    );
    const { address, port, family } = http.address() as AddressInfo;
    const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
    logger.info({ url, environment: config.environment }, 'listening');
    let stopped: Promise<void> | undefined;
    return { url, firstToken, stop: () => (stopped ??= close()), get: (token) => app.get(token) };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listen(app: NestExpressApplication, { host, port }: CoordinatorConfig): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (cause) {
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : String(cause);
    throw new ConfigError(
      'CONFIG.CANNOT_LISTEN',
      `FEDISTL_HOST, FEDISTL_PORT: expected an address that is free and ours, got ${host} port ${port}: ${code}`,
      { cause },
    );
  }
}

async function openResources(
  config: CoordinatorConfig,
  { logger, closers }: { logger: Logger; closers: Closer[] },
): Promise<CoordinatorResources> {
  await makeDataDirectory(config.dataDirectory);
  const { identity, created } = await openCoordinatorIdentity(config);
  if (created) logger.info({ keyId: identity.keyId, name: identity.name }, 'made a new identity');
  if (identity.name !== config.name) {
    logger.warn({ name: identity.name, asked: config.name }, 'FEDISTL_NAME is fixed at the first start');
  }
  const server = config.databaseUrl === undefined ? await openServer(config, { logger, closers }) : undefined;
  const database = await openDatabase(config.databaseUrl ?? server?.url ?? '', {
    applicationName: 'fedistl-coordinator',
    onConnectionError: (error) => {
      logger.warn({ reason: error instanceof Error ? error.message : String(error) }, 'a database connection broke');
    },
  });
  closers.push(() => database.close());
  if (server !== undefined) await takeServer(config, { database, server, closers });
  const blobs = await DirectoryBlobStore.open(join(config.dataDirectory, 'blobs'));
  const uploadDirectory = join(config.dataDirectory, 'uploads');
  await mkdir(uploadDirectory, { recursive: true });
  await chmod(uploadDirectory, 0o700);
  return { config, identity, database, blobs, uploads: new UploadStore(uploadDirectory, config.uploads.expiryMs) };
}

/** @throws ConfigError `CONFIG.DATA_DIRECTORY` */
async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = String(cause).replace(/^Error: /, '');
    throw new ConfigError(
      'CONFIG.DATA_DIRECTORY',
      `FEDISTL_DATA_DIR: expected a directory that this user may write, got ${directory}: ${reason}`,
      { cause },
    );
  }
}

/** The embedded PostgreSQL, and whether it is this process that stops it. */
interface OwnServer {
  readonly url: string;
  mayStop: boolean;
}

async function openServer(
  config: CoordinatorConfig,
  { logger, closers }: { logger: Logger; closers: Closer[] },
): Promise<OwnServer> {
  const server = await startEmbeddedPostgres({ directory: join(config.dataDirectory, 'postgres') });
  logger.info({ port: server.port, reused: server.reused }, 'embedded PostgreSQL runs');
  // One that ran already may be another coordinator's, until we know better.
  const own: OwnServer = { url: server.url, mayStop: !server.reused };
  closers.push(async () => {
    if (own.mayStop) await server.stop();
  });
  return own;
}

/** Long enough for PostgreSQL to notice that a coordinator was killed, ms. */
const takeOverMs = 5000;

/** Makes this the only coordinator of a data directory with a database of its own. @throws ConfigError `CONFIG.RUNNING` */
async function takeServer(
  { dataDirectory }: CoordinatorConfig,
  { database, server, closers }: { database: Database; server: OwnServer; closers: Closer[] },
): Promise<void> {
  const release = await holdAsService(database, takeOverMs);
  server.mayStop = release !== undefined;
  if (release === undefined) {
    const message = `FEDISTL_DATA_DIR: expected a data directory that no coordinator runs on, got ${dataDirectory}`;
    throw new ConfigError('CONFIG.RUNNING', message);
  }
  closers.push(release);
}
