/**
 * Text of a program that compiles TypeScript as it is required (SWC, looked up from the workspace) and starts `entry`.
 *
 * Node 20 reads no TypeScript, and a test runner's transform reaches neither worker threads nor child processes. Built code
 * never gets here: its entries end in `.js`.
 */
export const SOURCE_LOADER = `
const { createRequire } = require('node:module');
const { readFileSync } = require('node:fs');
const start = (entry) => {
  const { transformSync } = createRequire(entry)('@swc/core');
  const options = {
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, keepClassNames: true },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  };
  require.extensions['.ts'] = (module, filename) =>
    module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);
  createRequire(entry)(entry);
};
`;

/** Makes `@fedistl/*` resolve to sources as well. */
export const SOURCE_CONDITION = '--conditions=@fedistl/source';
