import { readFileSync } from 'node:fs';
import path from 'node:path';
import { commandEntry } from '../processes/app-entry';
import { ManagedProcess } from '../processes/managed-process';
import { waitUntil } from '../processes/wait-until';

export interface RunningCoordinator {
  readonly process: ManagedProcess;
  readonly baseUrl: string;
  /** The first administrator's token, which the coordinator printed at its first start. */
  readonly firstToken: () => string;
}

export interface CoordinatorOptions {
  readonly directory: string;
  readonly port: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/** A first start makes a database cluster and applies migrations. */
const READY_MS = 120_000;

/** Starts a coordinator as a process of its own and waits until it serves. */
export async function startCoordinator(options: CoordinatorOptions): Promise<RunningCoordinator> {
  const { directory, port, env, signal } = options;
  const logFile = path.join(directory, 'coordinator.log');
  const running = ManagedProcess.start({
    name: 'coordinator',
    args: [commandEntry(), 'coordinator', 'start', '--data-dir', directory, '--port', String(port)],
    env: { FEDISTL_HOST: '127.0.0.1', FEDISTL_NAME: 'demo.fedistl', FEDISTL_HEARTBEAT_SECONDS: '2', ...env },
    logFile,
  });
  const baseUrl = `http://127.0.0.1:${port}`;
  try {
    await waitUntil(() => isReady(baseUrl), {
      what: 'the coordinator to be ready',
      timeoutMs: READY_MS,
      processes: [running],
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    await running.stop();
    throw error;
  }
  return { process: running, baseUrl, firstToken: () => firstTokenIn(readFileSync(logFile, 'utf8')) };
}

async function isReady(baseUrl: string): Promise<boolean> {
  try {
    return (await fetch(`${baseUrl}/api/v1/health/ready`)).ok;
  } catch {
    // Not listening yet.
    return false;
  }
}

function firstTokenIn(log: string): string {
  const token = /\bfdp_[A-Za-z0-9_-]{43}/.exec(log)?.[0];
  if (token === undefined) throw new Error('the coordinator printed no first token');
  return token;
}
