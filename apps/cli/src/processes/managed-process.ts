import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface ManagedProcessOptions {
  /** What people call it, for messages. */
  readonly name: string;
  /** Arguments of Node: the program first. */
  readonly args: readonly string[];
  /** Added to this process' environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Its stdout and stderr, appended. Its own file, so that it can go on writing when this process dies. */
  readonly logFile: string;
  readonly cwd?: string;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Characters of the log that an error message shows. */
const TAIL = 2000;

/**
 * A Node process that this one started and will end. It has an IPC channel: when this process dies, even by SIGKILL, the
 * channel closes and the child ends itself (`endWithParent`).
 */
export class ManagedProcess {
  readonly exited: Promise<Exit>;
  private ended: Exit | null = null;

  private constructor(
    readonly name: string,
    readonly logFile: string,
    private readonly child: ChildProcess,
  ) {
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.ended = { code, signal };
        resolve(this.ended);
      });
      child.once('error', () => {
        this.ended ??= { code: null, signal: null };
        resolve(this.ended);
      });
    });
  }

  static start({ name, args, env = {}, logFile, cwd }: ManagedProcessOptions): ManagedProcess {
    mkdirSync(path.dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'a', 0o600);
    try {
      const child = spawn(process.execPath, args, {
        stdio: ['ignore', log, log, 'ipc'],
        env: { ...process.env, ...env },
        ...(cwd === undefined ? {} : { cwd }),
      });
      return new ManagedProcess(name, logFile, child);
    } finally {
      closeSync(log);
    }
  }

  /** 0 when it could not be started. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** How it ended; null as long as it runs. */
  get exit(): Exit | null {
    return this.ended;
  }

  /** The last of what it wrote. */
  tail(characters = TAIL): string {
    return readFileSync(this.logFile, 'utf8').slice(-characters);
  }

  kill(signal: NodeJS.Signals): void {
    if (this.ended === null) this.child.kill(signal);
  }

  /** Asks it to end, and kills it when it has not ended after `graceMs`. */
  async stop(graceMs = 15_000): Promise<Exit> {
    this.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.kill('SIGKILL');
    }, graceMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }
}
