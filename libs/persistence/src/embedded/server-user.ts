import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PersistenceError } from '../persistence.errors';

const run = promisify(execFile);

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Name of the account that the server runs under when we are root. */
const accountName = 'postgres';

/**
 * Whom the server runs as: nobody else (undefined) unless we are root, whom PostgreSQL refuses. Then the account `postgres`,
 * made when there is none.
 *
 * @throws PersistenceError `PERSISTENCE.NO_SERVER_USER`
 */
export async function serverUser(): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const known = await lookUp();
  if (known !== undefined) return known;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', accountName]);
  } catch (cause) {
    const message = `expected an account ${accountName}, or useradd to make it: PostgreSQL does not run as root`;
    throw new PersistenceError('PERSISTENCE.NO_SERVER_USER', message, { cause });
  }
  const made = await lookUp();
  if (made !== undefined) return made;
  throw new PersistenceError(
    'PERSISTENCE.NO_SERVER_USER',
    `expected useradd to make ${accountName}, got no such account`,
  );
}

async function lookUp(): Promise<ServerUser | undefined> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map((option) => run('id', [option, accountName])));
    return uid === undefined || gid === undefined ? undefined : { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined; // `id` fails for an unknown name.
  }
}

/** Whether the user may enter every folder on the way to `path`, by the permission bits. */
export async function canReach(path: string, { uid, gid }: ServerUser): Promise<boolean> {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const { mode, uid: owner, gid: group } = await stat(folder);
    const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (dirname(folder) === folder) return true;
  }
}
