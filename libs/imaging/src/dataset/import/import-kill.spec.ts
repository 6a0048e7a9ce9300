import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { createRng } from '@fedistl/core';
import { launchProcess } from '@fedistl/core/node';

import { dumpIndex } from '../testing/dump-index';
import { SampleFolder } from '../testing/sample-images';

jest.setTimeout(120_000);

const IMAGES = 48;
const KILLS = 5;
/** Imports, and prints a line for every image. */
const ENTRY = require.resolve('../testing/import-main');

/** Runs an import in a process of its own and kills it, if asked, once it has printed `killAt` lines. */
async function importInChild(dataDirectory: string, source: string, killAt: number | null): Promise<string[]> {
  const child = launchProcess(ENTRY, [dataDirectory, source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line);
    if (lines.length === killAt) child.kill('SIGKILL');
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.on('close', (...end) => {
      resolve(end);
    });
  });
  if (killAt === null) expect([code, signal]).toEqual([0, null]);
  return lines;
}

describe('an import that is killed', () => {
  const folder = new SampleFolder();
  afterAll(() => {
    folder.remove();
  });

  it('ends in the same index and the same cache as an undisturbed one', async () => {
    const source = folder.path('source');
    for (let at = 0; at < IMAGES; at += 1) {
      const name = `source/${String(at).padStart(3, '0')}`;
      if (at % 11 === 5) folder.write(`${name}.png`, 'no picture');
      else if (at % 13 === 7) await folder.dicom(`${name}.dcm`, { PatientID: `P${at % 4}`, Modality: 'CR' });
      else await folder.png(`${name}.png`, `content ${at - (at % 9 === 8 ? 1 : 0)}`);
    }
    const undisturbed = folder.path('undisturbed');
    const disturbed = folder.path('disturbed');
    await importInChild(undisturbed, source, null);
    // Pseudonyms can only be equal under the same key.
    mkdirSync(disturbed);
    copyFileSync(path.join(undisturbed, 'site.key'), path.join(disturbed, 'site.key'));

    const rng = createRng('where to kill');
    const reached: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const lines = await importInChild(disturbed, source, 1 + rng.int(IMAGES));
      reached.push(lines.length);
    }
    const last = JSON.parse((await importInChild(disturbed, source, null)).at(-1)!) as Record<string, number>;

    // Killed for good in the middle, and what was committed before was not done again.
    expect(Math.min(...reached)).toBeLessThan(IMAGES);
    expect(last['unchanged']).toBeGreaterThan(0);
    const file = (directory: string, name: string): string => path.join(directory, 'sets/set', name);
    expect(dumpIndex(file(disturbed, 'index.db'))).toEqual(dumpIndex(file(undisturbed, 'index.db')));
    const cache = 'pixels-24-u8-squash-clinical.cache';
    expect(readFileSync(file(disturbed, cache)).equals(readFileSync(file(undisturbed, cache)))).toBe(true);
  });
});
