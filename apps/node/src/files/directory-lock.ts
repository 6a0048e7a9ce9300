import { link, rm, writeFile } from 'node:fs/promises';
import { readTextFile } from '@fedistl/core/node';
import { NodeError } from '../node.errors';

/**
 * Makes this process the only node of a data directory: two of them would train and sign the same round.
 *
 * @returns gives the directory back
 * @throws NodeError `NODE.RUNNING`
 */
export async function lockDirectory(file: string): Promise<() => Promise<void>> {
  const own = `${file}.${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    for (;;) {
      try {
        await link(own, file);
        return () => rm(file, { force: true });
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      }
      const holder = await holderOf(file);
      if (holder !== null && isAlive(holder)) {
        throw new NodeError('NODE.RUNNING', `expected no other node of this data directory, got process ${holder}`);
      }
      await rm(file, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function holderOf(file: string): Promise<number | null> {
  try {
    const holder = Number(await readTextFile(file, { maxBytes: 100 }));
    return Number.isInteger(holder) && holder > 0 ? holder : null;
  } catch (error) {
    if (hasCode(error, 'FILE.NOT_FOUND')) return null;
    throw error;
  }
}

/** A process of this number lives, and is not this one: in a container the number of one that was killed comes again. */
export function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
