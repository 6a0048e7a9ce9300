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
  return mainOf(app);
}

/** The command itself, compiled, as a program for Node. Throws as `appEntry`. */
export function commandEntry(): string {
  return mainOf('cli');
}

function mainOf(project: string): string {
  const entry = path.join(path.dirname(require.resolve(`@fedistl/${project}/package.json`)), 'dist', 'main.js');
  if (existsSync(entry)) return entry;
  throw new ProcessError('PROCESS.NOT_BUILT', `${entry} is not there: run "npm run build" first`);
}
