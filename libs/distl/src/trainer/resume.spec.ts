import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createRng } from '@fedistl/core';
import { launchProcess } from '@fedistl/core/node';
import { type Behaviour } from '../config/behaviours';
import { smallRun } from './testing/small-run';
import { type TrainEvent } from './train-events';

jest.setTimeout(120_000);
const ENTRY = require.resolve('./testing/small-run-main');

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'fedistl-resume-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Trains in a process of its own; kills it once it has printed `killAt` lines. */
async function runChild(behaviour: Behaviour, killAt: number | null, changes = {}): Promise<string[]> {
  const child = launchProcess(ENTRY, [directory, behaviour, JSON.stringify(changes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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

it.each([
  ['parity', {}],
  [
    'recommended',
    { selfSupervision: { epochs: 2, folds: 1 }, confidence: { positive: 0.5, negative: 0.51 }, centreStart: 'carry' },
  ],
] as const)('%s %j: a run killed at random points ends in the same bits', async (name, changes) => {
  const undisturbed = await smallRun({ behaviour: name, changes });
  const rng = createRng(`kills/${name}`);
  for (let kill = 0; kill < 3; kill++) await runChild(name, 3 + rng.int(14), changes);
  const lines = await runChild(name, null, changes);
  expect(lines[0]).toBe('resumed');
  expect(lines.at(-1)).toBe(`hash ${undisturbed.hash}`);
  expect((await smallRun({ behaviour: name, seed: 2, changes })).hash).not.toBe(undisturbed.hash);
});

it('a damaged checkpoint is told of, and the one before is used', async () => {
  const { hash } = await smallRun({ behaviour: 'parity', directory });
  const names = readdirSync(directory).sort();
  expect(names).toHaveLength(2);
  const newest = path.join(directory, names[1]!);
  const bytes = readFileSync(newest);
  bytes[bytes.length - 5]! ^= 1;
  writeFileSync(newest, bytes);
  const events: TrainEvent[] = [];
  const again = await smallRun({
    behaviour: 'parity',
    directory,
    resume: true,
    onEvent: (event) => events.push(event),
  });
  expect(events.slice(0, 2).map(({ kind }) => kind)).toEqual(['checkpoint-damaged', 'resumed']);
  expect(again.hash).toBe(hash);
  for (const name of readdirSync(directory)) writeFileSync(path.join(directory, name), bytes.subarray(0, 999));
  await expect(smallRun({ behaviour: 'parity', directory, resume: true })).rejects.toMatchObject({
    code: 'DISTL.CHECKPOINT_MISSING',
  });
});

it('a checkpoint of another run is refused', async () => {
  await smallRun({ behaviour: 'parity', directory });
  await expect(smallRun({ behaviour: 'parity', directory, resume: true, seed: 2 })).rejects.toMatchObject({
    code: 'DISTL.CHECKPOINT_OTHER_RUN',
  });
});

it('a loss that is not finite stops the run with its last checkpoint kept', async () => {
  const changes = { learningRate: { peak: 1e30, final: 1e29 }, clip: null, correction: { everySteps: 0 } };
  await expect(smallRun({ behaviour: 'parity', directory, changes })).rejects.toMatchObject({
    code: 'DISTL.LOSS_NOT_FINITE',
  });
  expect(readdirSync(directory).length).toBeGreaterThan(0);
});
