import path from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * A worker cannot be started from TypeScript: Node 20 reads none. Built code starts the compiled file beside this one. Code
 * that runs from source (tests, under SWC) starts a small text that compiles what it requires with the same SWC, and reads
 * the workspace's sources by their export condition.
 */
const compileOnRequire = `
  const { transformFileSync } = require('@swc/core');
  const { workerData } = require('node:worker_threads');
  require.extensions['.ts'] = (module, file) => {
    const { code } = transformFileSync(file, {
      swcrc: false,
      jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, keepClassNames: true },
      module: { type: 'commonjs' },
    });
    module._compile(code, file);
  };
  require(workerData.entry);
`;

/** Starts `pass-worker` in a thread of its own. */
export function startPassWorker(): Worker {
  const isSource = path.extname(__filename) === '.ts';
  const entry = path.join(__dirname, `pass-worker${path.extname(__filename)}`);
  // `execArgv: []`: flags of the parent (a debugger's port, a test runner's) are not the worker's.
  if (!isSource) return new Worker(entry, { execArgv: [] });
  return new Worker(compileOnRequire, {
    eval: true,
    workerData: { entry },
    execArgv: ['--conditions=@fedistl/source'],
  });
}
