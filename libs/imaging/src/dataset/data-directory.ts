import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

import { DatasetError } from './dataset.errors';

const NAME_PATTERN = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Files of one data set. */
export interface DataSetPaths {
  readonly directory: string;
  readonly index: string;
  readonly lock: string;
}

/** `FEDISTL_DATA_DIR`, else `~/.fedistl/data`. */
export function defaultDataDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const configured = environment['FEDISTL_DATA_DIR'];
  return configured !== undefined && configured !== ''
    ? path.resolve(configured)
    : path.join(homedir(), '.fedistl', 'data');
}

/** Where the files of the set `name` lie. @throws DatasetError `DATASET.NAME` for a name that could leave the directory. */
export function dataSetPaths(dataDirectory: string, name: string): DataSetPaths {
  if (!NAME_PATTERN.test(name)) {
    throw new DatasetError(
      'DATASET.NAME',
      `expected a data set name of 1 to 64 lower-case letters, digits, '.', '_' or '-', starting with a letter or digit, got ${JSON.stringify(name)}`,
    );
  }
  const directory = path.join(dataDirectory, 'sets', name);
  return { directory, index: path.join(directory, 'index.db'), lock: path.join(directory, 'import.lock') };
}

/** A legal name made from a source's file or folder name. */
export function nameFromSource(source: string): string {
  const base = path.basename(path.resolve(source)).replace(/\.npz$/i, '');
  const name = base
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
  if (!NAME_PATTERN.test(name)) {
    throw new DatasetError(
      'DATASET.NAME',
      'the name of the source gives no usable data set name: choose one with --name',
    );
  }
  return name;
}

/** Makes the set's folder, closed to other users: pixels and dates of patients lie in it. */
export function createDataSetDirectory(paths: DataSetPaths): void {
  mkdirSync(paths.directory, { recursive: true, mode: 0o700 });
}

/** Names of the sets in a data directory, sorted. */
export function listDataSets(dataDirectory: string): string[] {
  const sets = path.join(dataDirectory, 'sets');
  if (!existsSync(sets)) return [];
  return readdirSync(sets, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(sets, entry.name, 'index.db')))
    .map((entry) => entry.name)
    .sort();
}
