import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseStudyId } from '@fedistl/core';
import { importDataSet, writePhantoms } from '@fedistl/imaging';
import { demoPlan, type StudyPlan } from '@fedistl/protocol';
import { printedBy } from '../testing/printed-by';
import { registerSimulate } from './simulate';

jest.setTimeout(120_000);

const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-simulate-'));
const at = (name: string): string => path.join(directory, name);
const base = ['simulate', '--data', 'ph', '--data-dir', at('data'), '--threads', '1', '--workers', '0'];

interface Report {
  sites: { siteId: string; labelled: number; unlabelled: number; holdOut: number }[];
  generations: {
    generation: number;
    candidateHash: string;
    promoted: boolean;
    judgement: {
      sites: { siteId: string; verdict: string; weight: number }[];
      pooledDifference: { value: number; low: number; high: number; confidence: number } | null;
    };
    sites: { siteId: string; auc: { value: number; low: number; high: number } | null }[];
  }[];
  teacher: { hash: string; path: string } | null;
}

const run = (...args: string[]): Promise<string> => printedBy([registerSimulate], [...base, ...args]);

/** The demo's plan with a small network, short rounds, and a rule that accepts. */
function quickPlan(): StudyPlan {
  const demo = demoPlan({
    studyId: parseStudyId('quick'),
    title: 'quick',
    finding: 'tuberculosis',
    createdAt: '2026-01-01T00:00:00Z',
  });
  const { model, training, schedule } = demo;
  return {
    ...demo,
    model: { ...model, embedDim: 24, depth: 1, numHeads: 2, dinoHead: { hiddenDim: 16, bottleneckDim: 8, outDim: 16 } },
    schedule: { ...schedule, generations: 1, roundsPerGeneration: 1, minimumSites: 1, quorum: 3 },
    training: {
      ...training,
      batchSize: 4,
      views: { ...training.views, pixels: '256-u8-squash-clinical' },
      initial: { ...training.initial, stepsPerRound: 4, epochs: 2 },
      generation: { ...training.generation, stepsPerRound: 4, epochs: 2, onCollapse: 'report' },
    },
    acceptance: { ...demo.acceptance, nonInferiorityMargin: 1, minimumSites: 1 },
  };
}

beforeAll(async () => {
  await writePhantoms({
    folder: at('phantoms'),
    count: 120,
    size: 64,
    sites: 2,
    seed: 1,
    task: 'tuberculosis',
    format: 'png',
    leastSeverity: 0.5,
  });
  await importDataSet({
    dataDirectory: at('data'),
    name: 'ph',
    source: at('phantoms'),
    settings: { labelledShare: 0.3, folds: 1 },
  });
  writeFileSync(at('plan.json'), JSON.stringify(quickPlan()));
  writeFileSync(at('half.json'), JSON.stringify({ ...quickPlan(), training: undefined }));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

it('runs a study of three sites, one with labels; run again, and in another directory, it says the same', async () => {
  const flags = ['--plan', at('plan.json'), '--sites', '3', '--label-holders', 'site-2', '--json'];
  const first = JSON.parse(await run(...flags, '--out', at('one'))) as Report;
  expect(first.sites.map(({ labelled }) => labelled > 0)).toEqual([false, true, false]);
  expect(first.generations.map(({ generation, promoted }) => [generation, promoted])).toEqual([
    [0, true],
    [1, true],
  ]);
  expect(first.teacher?.hash).toBe(first.generations[1]?.candidateHash);
  expect(first.generations.every(({ sites }) => sites.length === 3)).toBe(true);
  const [initial, next] = first.generations.map(({ judgement }) => judgement);
  expect(initial?.pooledDifference).toBeNull();
  expect(next?.sites.map(({ siteId }) => siteId)).toEqual(['site-1', 'site-2', 'site-3']);
  expect(next?.pooledDifference?.confidence).toBe(0.9);
  expect(JSON.parse(await run(...flags, '--out', at('one')))).toEqual(first);
  const second = JSON.parse(await run(...flags, '--out', at('two'))) as Report;
  expect(second.generations).toEqual(first.generations);
  expect(readdirSync(at('one')).sort()).toEqual(['initial.safetensors', 'models', 'simulation.json']);
  await expect(run(...flags, '--out', at('one'), '--seed', '9')).rejects.toMatchObject({ code: 'SIMULATE.OTHER_RUN' });
});

it('prints the table of AUC by generation and site', async () => {
  const table = await run(
    '--plan',
    at('plan.json'),
    '--partition',
    'dirichlet:5',
    '--generations',
    '0',
    '--out',
    at('table'),
  );
  expect(table).toMatch(/^AUC on each site's hold-out, 90 % DeLong interval/);
  expect(table).toMatch(/^T +site-1 +site-2 +site-3 +pooled +difference +verdict$/m);
  expect(table).toMatch(/^T = 0: site-1 (measured|not-counted), site-2 /m);
  expect(table).toMatch(/^initial .* (promoted|rejected: ACCEPTANCE)/m);
});

it.each([
  ['SIMULATE.BAD_PARTITION', ['--partition', 'halves']],
  ['SIMULATE.UNKNOWN_COLUMN', ['--partition', 'column:ward']],
  ['SIMULATE.UNKNOWN_SITE', ['--label-holders', 'busan']],
  ['SIMULATE.TOO_FEW_GROUPS', ['--sites', '1000']],
  ['SIMULATE.ROUND_FAILED', ['--label-holders', '0']],
  ['PROTOCOL.INVALID_MESSAGE', ['--plan', at('half.json')]],
  ['FILE.NOT_FOUND', ['--plan', at('none.json')]],
])('%s for %j', async (code, flags) => {
  await expect(run('--plan', at('plan.json'), '--out', at(`bad-${code}`), ...flags)).rejects.toMatchObject({ code });
});
