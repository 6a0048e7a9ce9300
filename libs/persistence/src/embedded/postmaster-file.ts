import { execFile } from 'node:child_process';
import { readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a running server notes in its data directory (`postmaster.pid`, lines 1, 2 and 4). */
export interface Postmaster {
  readonly pid: number;
  readonly dataDirectory: string;
  readonly port: number;
}

/** The note in a data directory, or undefined when there is none, or one half written. */
export async function readPostmaster(dataDirectory: string): Promise<Postmaster | undefined> {
  let text: string;
  try {
    text = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const [pid, directory, , port] = text.split('\n');
  if (pid === undefined || directory === undefined || port === undefined) return undefined;
  return { pid: Number(pid), dataDirectory: directory, port: Number(port) };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the process is a PostgreSQL server: after a crash its number may belong to anything. */
export async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  try {
    const program = process.platform === 'linux' ? await readlink(`/proc/${pid}/exe`) : await commandOf(pid);
    return /postgres(?: \(deleted\)|\.exe)?$/.test(program);
  } catch {
    return false; // Gone in between.
  }
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'win32') {
    const { stdout } = await run('tasklist', ['/fi', `PID eq ${pid}`, '/fo', 'csv', '/nh']);
    return (/^"([^"]*)"/.exec(stdout)?.[1] ?? '').trim();
  }
  const { stdout } = await run('ps', ['-o', 'comm=', '-p', String(pid)]);
  return stdout.trim();
}

/** Removes the note of a server that is gone; one that runs keeps its own. */
export async function removeStalePostmaster(dataDirectory: string): Promise<void> {
  const noted = await readPostmaster(dataDirectory);
  if (noted === undefined || (await isPostgres(noted.pid))) return;
  await rm(join(dataDirectory, 'postmaster.pid'), { force: true });
}
