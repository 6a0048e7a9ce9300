import { DomainError } from '../../errors';

/** Passages of each fault point so far. */
const passages = new Map<string, number>();

/**
 * A named step at which a test may have this process killed, to show that nothing is lost there. With
 * `FEDISTL_FAULT=name:n` in the environment the n-th passage (the first unless given) of `name` ends the process by SIGKILL,
 * as a power cut would; without the variable it does nothing.
 *
 * @throws DomainError `FAULT.INVALID` when the variable is not of that form
 */
export function faultPoint(name: string): void {
  const wanted = process.env['FEDISTL_FAULT'];
  if (wanted === undefined || wanted === '') return;
  const match = /^([a-z0-9.-]+)(?::([1-9][0-9]*))?$/.exec(wanted);
  if (match === null) {
    throw new DomainError('FAULT.INVALID', `FEDISTL_FAULT: expected NAME or NAME:COUNT, got ${wanted.slice(0, 80)}`);
  }
  if (match[1] !== name) return;
  const passed = (passages.get(name) ?? 0) + 1;
  passages.set(name, passed);
  if (passed !== Number(match[2] ?? 1)) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal is delivered asynchronously; nothing after this point may run.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000);
}
