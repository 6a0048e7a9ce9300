// `npm run test:faults`: the kill table and the other slow end-to-end tests, one after another. Arguments go to jest.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const run = (script, ...args) =>
  spawnSync(process.execPath, [path.join(root, 'test/support', script), ...args], { cwd: root, stdio: 'inherit' })
    .status;

if (run('ensure-installed.mjs') !== 0) process.exit(1);
const config = path.join(root, 'test/jest.faults.config.cjs');
process.exit(run('run-tests.mjs', '--config', config, '--runInBand', ...process.argv.slice(2)) ?? 1);
