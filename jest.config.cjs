const { existsSync, readdirSync } = require('node:fs');
const path = require('node:path');

const projects = ['libs', 'apps', '.']
  .flatMap((folder) => readdirSync(path.join(__dirname, folder)).map((name) => path.join(__dirname, folder, name)))
  .filter((directory) => directory !== __dirname && existsSync(path.join(directory, 'jest.config.cjs')))
  // A project counts once it has content.
  .filter((directory) => ['src', 'e2e'].some((source) => existsSync(path.join(directory, source))));

module.exports = { projects, maxWorkers: 2, workerIdleMemoryLimit: '3GB', testTimeout: 120_000 };
