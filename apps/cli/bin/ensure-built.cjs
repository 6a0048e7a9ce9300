'use strict';
/** In a source checkout, compiles what changed since the last build; in an installed package it does nothing. */
const { existsSync, readdirSync, readFileSync, statSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const path = require('node:path');

const cli = path.resolve(__dirname, '..');
const workspace = path.resolve(cli, '../..');

/** Newest modification time, in ms, of the files below `directory` that a build reads. */
function newest(directory) {
  let time = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const full = path.join(directory, entry.name);
    if (entry.isDirectory()) time = Math.max(time, newest(full));
    else if (!entry.name.endsWith('.spec.ts')) time = Math.max(time, statSync(full).mtimeMs);
  }
  return time;
}

/** Services that a command starts; only then are they compiled. */
const services = {
  coordinator: ['coordinator'],
  node: ['node'],
  demo: ['coordinator', 'node'],
  bench: ['coordinator'],
};

/** The projects and all that they are compiled from: what nothing refers to is not compiled, so it cannot be stale. */
function withReferences(projects) {
  const found = new Set();
  const visit = (root) => {
    if (found.has(root)) return;
    found.add(root);
    const { references = [] } = JSON.parse(readFileSync(path.join(root, 'tsconfig.lib.json'), 'utf8'));
    for (const reference of references) visit(path.dirname(path.resolve(root, reference.path)));
  };
  projects.forEach(visit);
  return [...found];
}

/** @param {string[]} projects folders with a `tsconfig.lib.json` that must be compiled, with what they refer to */
function isStale(projects) {
  return withReferences(projects).some((root) => {
    const stamp = path.join(root, 'dist', 'tsconfig.lib.tsbuildinfo');
    return !existsSync(stamp) || newest(path.join(root, 'src')) > statSync(stamp).mtimeMs;
  });
}

/** @param {string | undefined} command the command to run, the first argument */
function ensureBuilt(command) {
  const apps = Object.hasOwn(services, command ?? '') ? services[command] : [];
  const projects = [cli, ...apps.map((app) => path.join(workspace, 'apps', app))];
  if (!existsSync(path.join(cli, 'tsconfig.lib.json')) || !isStale(projects)) return;
  process.stderr.write('fedistl: compiling the workspace (first run, or sources changed) ...\n');
  const tsc = require.resolve('typescript/bin/tsc', { paths: [workspace] });
  const result = spawnSync(
    process.execPath,
    [tsc, '--build', ...projects.map((project) => path.join(project, 'tsconfig.lib.json'))],
    {
      stdio: ['ignore', 2, 2],
    },
  );
  if (result.status !== 0) {
    process.stderr.write('fedistl: the build failed; see the compiler messages above.\n');
    process.exit(1);
  }
}

module.exports = { ensureBuilt };
