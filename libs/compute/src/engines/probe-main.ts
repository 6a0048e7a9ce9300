/** Runs one engine once and prints what it is worth. A process of its own: a broken GPU driver takes only this one down. */
import { type EngineOptions } from './create-engine';
import { measureEngine } from './measure-engine';

const options = JSON.parse(process.argv[2] ?? '{}') as EngineOptions;
measureEngine(options).then(
  (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
  (error: unknown) => {
    process.stdout.write(`${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`);
  },
);
