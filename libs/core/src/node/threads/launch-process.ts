import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { SOURCE_CONDITION, SOURCE_LOADER } from './source-loader';

const PROCESS_PROGRAM = `${SOURCE_LOADER}
start(process.argv[1]);
`;

/**
 * Starts a Node process on one of fedistl's own files, built or in source; the entry finds `args` from `process.argv[2]` on.
 *
 * @param entry absolute path, as `require.resolve('./x-main')` gives it
 */
export function launchProcess(entry: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  if (!entry.endsWith('.ts')) return spawn(process.execPath, [entry, ...args], options);
  return spawn(process.execPath, [SOURCE_CONDITION, '-e', PROCESS_PROGRAM, entry, ...args], options);
}
