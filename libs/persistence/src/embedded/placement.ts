import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { binariesIn, type PostgresBinaries } from './postgres-binaries';
import { stopServer } from './server-process';
import { canReach, type ServerUser } from './server-user';

/** Where the server and its data really are. */
export interface Placement {
  readonly binaries: PostgresBinaries;
  readonly dataDirectory: string;
}

/** Folder that every user can enter; temporary things stay among temporary things. */
function commonGround(directory: string): string {
  const inTemporary = resolve(directory).startsWith(resolve(tmpdir()) + sep);
  return inTemporary || process.platform !== 'linux' ? join(tmpdir(), 'fedistl-postgres') : '/var/lib/fedistl';
}

/**
 * Chooses where server and data lie. Both stay where they are, unless we are root and the account that the server runs under
 * cannot enter a folder above them (a clone in /root, say): then the programs are copied, and the data kept, below
 * /var/lib/fedistl, or in the temporary folder for a directory that is in it.
 */
export async function placeServer(
  directory: string,
  binaries: PostgresBinaries,
  user: ServerUser | undefined,
): Promise<Placement> {
  const wanted = join(resolve(directory), 'data');
  if (user === undefined) return { binaries, dataDirectory: wanted };
  const ground = commonGround(directory);
  const programs = (await canReach(binaries.postgres, user)) ? binaries : await copyPrograms(binaries, ground);
  if (await canReach(wanted, user)) return { binaries: programs, dataDirectory: wanted };
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  const dataDirectory = join(ground, 'data', name);
  await openFolder(join(ground, 'data'));
  if (ground.startsWith(tmpdir())) await removeForgotten(join(ground, 'data'));
  await writeFile(`${dataDirectory}.origin`, resolve(directory));
  return { binaries: programs, dataDirectory };
}

/**
 * Removes data in the temporary folder whose directory was deleted, as tests do; a server that still runs on it is stopped
 * first. Never done elsewhere: a directory can be missing because its disk is not mounted.
 */
async function removeForgotten(folder: string): Promise<void> {
  for (const note of (await readdir(folder)).filter((name) => name.endsWith('.origin'))) {
    const origin = await readFile(join(folder, note), 'utf8').catch(() => '/');
    if (existsSync(origin)) continue;
    const data = join(folder, basename(note, '.origin'));
    await stopServer(data);
    await rm(data, { recursive: true, force: true });
    await rm(join(folder, note), { force: true });
  }
}

/** A copy that appears whole or not at all; the name tells installations apart. */
async function copyPrograms(binaries: PostgresBinaries, ground: string): Promise<PostgresBinaries> {
  const { size, mtimeMs } = await stat(binaries.postgres);
  const key = createHash('sha256').update(`${binaries.root} ${size} ${mtimeMs}`).digest('hex').slice(0, 16);
  const target = binariesIn(join(ground, 'server', key));
  await openFolder(join(ground, 'server'));
  const there = await stat(target.postgres).then(
    () => true,
    () => false,
  );
  if (there) return target;
  const temporary = join(dirname(target.root), `.${basename(target.root)}.${randomUUID()}`);
  await cp(binaries.root, temporary, { recursive: true, verbatimSymlinks: true });
  await chmod(temporary, 0o755);
  try {
    await rename(temporary, target.root);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Another process was faster; its copy is as good.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return target;
}

async function openFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  for (const folder of [dirname(path), path]) await chmod(folder, 0o755);
}

/** The data directory, made empty and the server's own when it is not there. */
export async function prepareDataDirectory(dataDirectory: string, user: ServerUser | undefined): Promise<void> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  if (user !== undefined) await chown(dataDirectory, user.uid, user.gid);
}
