import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createRng } from '@fedistl/core';
import { launchProcess } from '@fedistl/core/node';
import { smallReproduction, smallSet } from './testing/small-reproduction';

jest.setTimeout(300_000);

const ENTRY = require.resolve('./testing/small-reproduction-main');
const folder = mkdtempSync(path.join(tmpdir(), 'fedistl-reproduce-'));
beforeAll(() => smallSet(folder));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Reproduces in a process of its own; kills it once it has printed `killAt` lines. */
async function runChild(killAt: number | null): Promise<string[]> {
  const child = launchProcess(ENTRY, [folder, 'killed'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line);
    if (lines.length === killAt) child.kill('SIGKILL');
  });
  const end = await new Promise((resolve) => {
    child.on('close', (...codes) => {
      resolve(codes);
    });
  });
  expect(end).toEqual(killAt === null ? [0, null] : [null, 'SIGKILL']);
  return lines;
}

it('killed twice at random points, it ends with the table of an undisturbed run', async () => {
  const events: string[] = [];
  const { record, seconds } = await smallReproduction(folder, 'undisturbed', {
    onEvent: (event) => events.push(event.kind === 'training' ? event.event.kind : event.kind),
  });
  expect(seconds).toBeGreaterThan(0);
  const rng = createRng(`reproduce/kills/${process.pid}`);
  const first = 3 + rng.int(Math.floor(events.length / 2));
  const second = 3 + rng.int(Math.floor(events.length / 3));
  console.warn(`seed of the kills: ${process.pid}; after ${first} and ${second} of ${events.length} events`);
  await runChild(first);
  await runChild(second);
  const lines = await runChild(null);
  expect(lines.some((line) => line === 'resumed' || line === 'unit-known')).toBe(true);
  expect(lines.at(-1)).toBe(`record ${JSON.stringify(record)}`);
  // Nothing is left of the unfinished, and a run that has ended computes nothing again.
  expect(readdirSync(path.join(folder, 'killed/state/unfinished/seed-0'))).toEqual([]);
  expect(new Set((await runChild(null)).slice(0, -1))).toEqual(new Set(['unit-known']));
});
