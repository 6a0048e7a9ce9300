import { createRequire } from 'node:module';
import { type App, appEntry } from './app-entry';
import { endWithParent } from './end-with-parent';

/** Runs a service's own program in this very process, so that a signal to it reaches the service. It ends the process. */
export function runInProcess(app: App, args: readonly string[]): void {
  const entry = appEntry(app);
  process.argv = [process.execPath, entry, ...args];
  endWithParent();
  createRequire(__filename)(entry);
}
