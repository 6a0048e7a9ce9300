// `npm test`: every project's specs, then the end-to-end tests. Arguments go to jest (`npm test -- libs/core`); a `--config`
// among them takes the place of the workspace's.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const report = path.join(root, 'node_modules', '.cache', 'fedistl-tests.json');
mkdirSync(path.dirname(report), { recursive: true });
rmSync(report, { force: true });

const jest = path.join(path.dirname(createRequire(import.meta.url).resolve('jest/package.json')), 'bin/jest.js');
const asked = process.argv.slice(2);
const config = asked.includes('--config') ? [] : ['--config', path.join(root, 'jest.config.cjs')];
const result = spawnSync(
  process.execPath,
  [jest, ...config, '--json', `--outputFile=${report}`, ...asked],
  // With --json jest prints the report itself on stdout; the readable part is on stderr.
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
);
const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(
  readFileSync(report, 'utf8'),
);
const failed = numFailedTests + numRuntimeErrorTestSuites;
const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
console.log(`${numPassedTests} passed, ${failed} failed${skipped}`);
process.exit(result.status ?? 1);
