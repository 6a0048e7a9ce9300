import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { processStartTime } from './process-start-time';

const entrySchema = z.strictObject({ name: z.string(), pid: z.int().positive(), started: z.string() });
type Entry = z.infer<typeof entrySchema>;

/** How long an old process may take to end by itself, in ms. */
const GRACE_MS = 20_000;

/**
 * A file of the processes that a run started, so that the next run can end what a killed one left behind. A process is known
 * by its id and its start: an id that now belongs to somebody else is left alone.
 */
export class ProcessRegister {
  private entries: Entry[] = [];

  constructor(private readonly file: string) {}

  /** Notes a process; nothing to note when it has ended already. */
  add(name: string, pid: number): void {
    const started = processStartTime(pid);
    if (started === null) return;
    this.entries.push({ name, pid, started });
    this.write();
  }

  /** The processes of an earlier run that are still there. */
  leftOver(): readonly Entry[] {
    return this.read().filter(isAlive);
  }

  /** Ends what an earlier run left, itself included, and forgets it. @returns the names of what was ended */
  async endLeftOver(): Promise<string[]> {
    const alive = this.leftOver().filter(({ pid }) => pid !== process.pid);
    for (const entry of alive) signalTo(entry, 'SIGTERM');
    const deadline = performance.now() + GRACE_MS;
    while (alive.some(isAlive) && performance.now() < deadline) await delay(50);
    for (const entry of alive.filter(isAlive)) signalTo(entry, 'SIGKILL');
    rmSync(this.file, { force: true });
    return alive.map(({ name }) => name);
  }

  /** Everything noted has ended in order. */
  clear(): void {
    this.entries = [];
    rmSync(this.file, { force: true });
  }

  private read(): Entry[] {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    return z.array(entrySchema).parse(JSON.parse(text));
  }

  private write(): void {
    mkdirSync(path.dirname(this.file), { recursive: true });
    const temporary = `${this.file}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(this.entries), { mode: 0o600 });
    renameSync(temporary, this.file);
  }
}

function isAlive({ pid, started }: Entry): boolean {
  return processStartTime(pid) === started;
}

function signalTo(entry: Entry, signal: NodeJS.Signals): void {
  if (!isAlive(entry)) return;
  try {
    process.kill(entry.pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
