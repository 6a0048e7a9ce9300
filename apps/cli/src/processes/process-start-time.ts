import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Field 22 of /proc/PID/stat, counted after the name in parentheses, which may hold spaces. */
const START_FIELD_AFTER_NAME = 19;

/**
 * When a process began, as text to compare for equality: process ids are used again, a pair of id and start is not.
 *
 * @returns null when there is no such process, or where the system does not say
 */
export function processStartTime(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // A zombie has ended and only waits to be noticed.
      return fields[0] === 'Z' ? null : (fields[START_FIELD_AFTER_NAME] ?? null);
    } catch {
      return null;
    }
  }
  if (process.platform === 'win32') return null;
  try {
    const started = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return started === '' ? null : started;
  } catch {
    // ps exits with 1 when there is no such process.
    return null;
  }
}
