import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createRng } from '@fedistl/core';
import { launchProcess } from '@fedistl/core/node';

jest.setTimeout(300_000);
const ENTRY = require.resolve('./testing/small-round-main');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'fedistl-resume-round-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Runs the round in a process of its own. It is killed once it has printed `killAt` lines, or kills itself at a fault point. */
async function run(killAt: number | null, fault?: string): Promise<string[]> {
  const env = { ...process.env, ...(fault === undefined ? {} : { FEDISTL_FAULT: fault }) };
  const child = launchProcess(ENTRY, [directory], { stdio: ['ignore', 'pipe', 'inherit'], env });
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
  expect(end).toEqual(killAt === null && fault === undefined ? [0, null] : [null, 'SIGKILL']);
  return lines;
}

it('a round killed at random points and at every named step ends in the same update', async () => {
  const wanted = (await run(null)).at(-1);
  expect(wanted).toMatch(/^hash [0-9a-f]{64} \{"steps":6,/);
  rmSync(path.join(directory, 'round'), { recursive: true });
  const rng = createRng('kills');
  for (let kill = 0; kill < 2; kill++) await run(2 + rng.int(2));
  await run(null, 'train-round.update-written');
  await run(null, 'train-round.result-written');
  // Done: the last start finds the result, and trains no more.
  expect(await run(null)).toEqual([wanted]);
});

it('a result whose blob was damaged, and checkpoints that are, are made again', async () => {
  const wanted = (await run(null)).at(-1);
  const round = path.join(directory, 'round');
  const find = (end: string): string =>
    path.join(
      round,
      readdirSync(round).find((name) => name.endsWith(end))!,
    );
  truncateSync(find('update.safetensors'), 100);
  expect((await run(null)).at(-1)).toBe(wanted);
  rmSync(round, { recursive: true });
  await run(4);
  const checkpoints = find('checkpoints');
  expect(readdirSync(checkpoints).length).toBeGreaterThan(0);
  for (const name of readdirSync(checkpoints)) writeFileSync(path.join(checkpoints, name), 'damaged');
  const lines = await run(null);
  expect([lines[0], lines.at(-1)]).toEqual(['step 0/6', wanted]);
});
