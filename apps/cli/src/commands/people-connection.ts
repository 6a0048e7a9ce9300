import { openSync, closeSync, fstatSync } from 'node:fs';
import { PeopleClient } from '@fedistl/client';
import { DomainError } from '@fedistl/core';
import { readTextFile } from '@fedistl/core/node';
import { type Command } from 'commander';
import { readProfile } from './people-profile';

/** Flags of every command that asks a coordinator. */
export interface ConnectionFlags {
  readonly coordinator?: string;
  readonly tokenFile?: string;
  readonly plainHttp?: boolean;
  readonly json?: boolean;
}

const READABLE_BY_OTHERS = 0o077;

/** Adds `--coordinator`, `--token-file`, `--plain-http` and `--json`. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option('--coordinator <url>', 'its address (FEDISTL_COORDINATOR, else the profile)')
    .option('--token-file <file>', 'file of your token (FEDISTL_TOKEN_FILE or FEDISTL_TOKEN, else the profile)')
    .option('--plain-http', 'allow http to another machine; the token travels readable', false)
    .option('--json', 'print one JSON object', false);
}

/**
 * Connects as a person.
 *
 * @throws DomainError `COMMAND.NO_COORDINATOR`, `COMMAND.NO_TOKEN`, `COMMAND.TOKEN_FILE_OPEN`, `COMMAND.PROFILE`
 */
export async function connect(flags: ConnectionFlags, env: NodeJS.ProcessEnv = process.env): Promise<PeopleClient> {
  const profile = await readProfile();
  const baseUrl = flags.coordinator ?? env['FEDISTL_COORDINATOR'] ?? profile?.coordinator;
  if (baseUrl === undefined) {
    throw new DomainError(
      'COMMAND.NO_COORDINATOR',
      'expected --coordinator URL, FEDISTL_COORDINATOR, or "fedistl coordinator use URL" once',
    );
  }
  const token = await tokenOf(flags.tokenFile, env, profile?.tokenFile);
  return new PeopleClient({ baseUrl, token, allowPlainHttp: flags.plainHttp === true });
}

async function tokenOf(
  flag: string | undefined,
  env: NodeJS.ProcessEnv,
  fromProfile: string | undefined,
): Promise<string> {
  if (flag === undefined && env['FEDISTL_TOKEN'] !== undefined) return env['FEDISTL_TOKEN'].trim();
  const file = flag ?? env['FEDISTL_TOKEN_FILE'] ?? fromProfile;
  if (file === undefined) {
    throw new DomainError('COMMAND.NO_TOKEN', 'expected --token-file FILE, FEDISTL_TOKEN_FILE or FEDISTL_TOKEN');
  }
  return readToken(file);
}

/** @throws DomainError `COMMAND.TOKEN_FILE_OPEN`; FileError */
export async function readToken(file: string): Promise<string> {
  const text = await readTextFile(file);
  if (process.platform !== 'win32' && (modeOf(file) & READABLE_BY_OTHERS) !== 0) {
    throw new DomainError('COMMAND.TOKEN_FILE_OPEN', `${file}: expected mode 0600, others can read it: chmod 600`);
  }
  return text.trim();
}

function modeOf(file: string): number {
  const open = openSync(file, 'r');
  try {
    return fstatSync(open).mode;
  } finally {
    closeSync(open);
  }
}

/** Prints the answer: as it is with `--json`, else the lines of `text`. */
export function show<T>(flags: ConnectionFlags, answer: T, text: (answer: T) => string | readonly string[]): void {
  if (flags.json === true) {
    console.log(JSON.stringify(answer));
    return;
  }
  for (const line of [text(answer)].flat()) console.log(line);
}
