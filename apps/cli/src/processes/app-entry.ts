import { existsSync } from 'node:fs';
import path from 'node:path';
import { ProcessError } from './process.errors';

/** The services that the command starts; their code is not the command's, so that it loads without them. */
export type App = 'coordinator' | 'node';

/**
 * The compiled main file of a service.
 *
 * @throws ProcessError `PROCESS.NOT_BUILT` in a checkout that was not compiled
 */
export function appEntry(app: App): string {
  const entry = path.join(path.dirname(require.resolve(`@fedistl/${app}/package.json`)), 'dist', 'main.js');
  if (existsSync(entry)) return entry;
  throw new ProcessError('PROCESS.NOT_BUILT', `${entry} is not there: run "npm run build" first`);
}

/** The command itself, as a program for Node. */
export function commandEntry(): string {
  return path.join(path.dirname(require.resolve('@fedistl/cli/package.json')), 'bin', 'fedistl.cjs');
}
