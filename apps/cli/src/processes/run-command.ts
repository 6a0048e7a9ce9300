import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { commandEntry } from './app-entry';
import { ProcessError } from './process.errors';

/**
 * Runs `fedistl ARGS` to its end.
 *
 * @returns what it printed
 * @throws ProcessError `PROCESS.FAILED` with its messages, when it exits with anything but 0
 */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<string> {
  const child = spawn(process.execPath, [commandEntry(), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  const [stdout, stderr, exit] = await Promise.all([text(child.stdout), text(child.stderr), code]);
  if (exit === 0) return stdout;
  throw new ProcessError(
    'PROCESS.FAILED',
    `fedistl ${args[0] ?? ''} ${args[1] ?? ''} exited with ${exit}: ${stderr.trim()}`,
  );
}
