import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createRng, float32Tensor, parseStudyId, toFloat32 } from '@fedistl/core';
import { readSafetensorsFile, writeSafetensorsFile } from '@fedistl/core/node';
import { demoPlan, type StudyPlan } from '@fedistl/protocol';
import { stepServer } from '../server/server-optimiser';
import { makeUpdate } from '../testing/update-set';
import { type ClosedRound, closeRound, type CloseRoundRequest } from './close-round';
import { type RoundUpdate } from './close-sites';
import { readUpdateForm } from './close-form';
import { PassWorkerPool } from './pass-worker-pool';

/** A model of five tensors; ascending: b (7), head.last_layer.weight_g (3), .weight_v (3x4), z (2x5). */
const shapes: Record<string, number[]> = {
  z: [2, 5],
  'head.last_layer.weight_v': [3, 4],
  'head.last_layer.weight_g': [3, 1],
  b: [7],
};
const demo = demoPlan({
  studyId: parseStudyId('tb'),
  title: 'TB',
  finding: 'tuberculosis',
  createdAt: '2026-01-01T00:00:00Z',
});
const parameters = 7 + 12 + 10;
const draw = (name: string, length: number) => createRng(name).fillUniform(new Float32Array(length));

let directory = '';
const pool = new PassWorkerPool(2);
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'fedistl-close-'));
});
afterAll(async () => {
  await pool.close();
  rmSync(directory, { recursive: true });
});

async function model(name: string): Promise<string> {
  const file = path.join(directory, `${name}.safetensors`);
  const tensors = Object.entries(shapes).map(([tensor, shape]) =>
    float32Tensor(
      tensor,
      shape,
      draw(
        `${name}/${tensor}`,
        shape.reduce((a, b) => a * b, 1),
      ),
    ),
  );
  await writeSafetensorsFile(file, tensors, { 'fedistl.vit': '{}', role: 'student', note: 'kept' });
  return file;
}

function update(site: string, length = parameters, images = 320): RoundUpdate {
  const made = makeUpdate({ site, values: draw(`update/${site}`, length), centre: draw(`centre/${site}`, 256) });
  const file = path.join(directory, `${site}-${length}.blob`);
  writeFileSync(file, made.blob);
  const counts = { ...made.manifest.counts, imagesSeen: images, acceptedPseudoLabels: 0 };
  return { path: file, manifest: { ...made.manifest, counts } };
}

async function closed(change: Partial<CloseRoundRequest> = {}): Promise<ClosedRound> {
  return closeRound({
    plan: demo,
    generation: 1,
    round: 2,
    student: await model('student'),
    teacher: await model('teacher'),
    moments: null,
    serverStep: 0,
    updates: [update('seoul', parameters, 640), update('daegu', parameters, 320)],
    directory: path.join(directory, 'out'),
    pool,
    ...change,
  });
}

async function values(file: string): Promise<Map<string, Float32Array>> {
  const { tensors } = await readSafetensorsFile(file);
  return new Map([...tensors].map(([name, tensor]) => [name, toFloat32(tensor)]));
}

/** The exchanged values in the order of the flat update. */
async function flat(file: string): Promise<number[]> {
  const all = await values(file);
  return ['b', 'head.last_layer.weight_v', 'z'].flatMap((name) => [...all.get(name)!]);
}

const mean = (length = parameters): number[] => {
  const [seoul, daegu] = [draw('update/seoul', length), draw('update/daegu', length)];
  return Array.from(seoul, (x, i) => Math.fround((320 * daegu[i]! + 640 * x) / 960));
};

it('makes the next student, teacher and centre of the sites, weighted by their images', async () => {
  const { student, teacher, centre, moments, contributions, refused } = await closed();
  const before = await flat(await model('student'));
  const expected = before.map((x, i) => Math.fround(x + mean()[i]!));
  expect(await flat(student.path)).toEqual(expected);
  const kept = 0.985 ** demo.training.generation.stepsPerRound;
  const old = await flat(await model('teacher'));
  expect(await flat(teacher!.path)).toEqual(expected.map((s, i) => Math.fround(kept * old[i]! + (1 - kept) * s)));
  const [a, b] = [draw('centre/seoul', 256), draw('centre/daegu', 256)];
  const sites = Array.from(a, (x, i) => Math.fround((320 * b[i]! + 640 * x) / 960));
  expect([...(await values(centre!.path)).get('centre')!]).toEqual(sites);
  expect(moments).toBeNull();
  expect(refused).toEqual([]);
  expect(contributions.map(({ siteId, share }) => [siteId, share])).toEqual([
    ['daegu', 1 / 3],
    ['seoul', 2 / 3],
  ]);
});

it('calls files by their hash, keeps what they say of the model and says which round made them', async () => {
  const { student, teacher } = await closed();
  const { metadata } = await readSafetensorsFile(student.path);
  expect(path.basename(student.path)).toBe(`${student.hash}.safetensors`);
  expect(metadata).toEqual({
    'fedistl.vit': '{}',
    note: 'kept',
    role: 'student',
    study: 'tb',
    generation: '1',
    round: '2',
  });
  expect((await readSafetensorsFile(teacher!.path)).metadata['role']).toBe('teacher');
  const again = await closed();
  expect([again.student, again.teacher]).toEqual([student, teacher]);
  // Nothing but files called by their hash is left.
  expect(
    (await readdir(path.join(directory, 'out'))).filter((name) => !/^[0-9a-f]{64}\.safetensors$/.test(name)),
  ).toEqual([]);
});

it('does not depend on the order of the updates', async () => {
  const [first, second] = [update('seoul', parameters, 640), update('daegu', parameters, 320)];
  const [one, other] = [await closed({ updates: [first, second] }), await closed({ updates: [second, first] })];
  expect(one).toEqual(other);
});

it('leaves the last layer alone where the plan excludes it', async () => {
  const plan: StudyPlan = { ...demo, transfer: { ...demo.transfer, dinoLastLayer: 'exclude' } };
  const updates = [update('seoul', 17), update('daegu', 17)];
  const { student } = await closed({ plan, updates });
  const [before, after] = [await values(await model('student')), await values(student.path)];
  for (const name of ['head.last_layer.weight_g', 'head.last_layer.weight_v']) {
    expect(after.get(name)).toEqual(before.get(name));
  }
  expect(after.get('z')).not.toEqual(before.get('z'));
});

it('carries the moments of an adaptive server from round to round, as one step on the whole vector would', async () => {
  const serverOptimiser = {
    ...{ name: 'fedadam' as const, learningRate: 0.1, beta1: 0.9, beta2: 0.99, tau: 1e-3, biasCorrection: true },
  };
  const plan: StudyPlan = { ...demo, aggregation: { ...demo.aggregation, serverOptimiser } };
  const first = await closed({ plan });
  const second = await closed({ plan, student: first.student.path, moments: first.moments!.path, serverStep: 1 });
  const whole = {
    parameters: Float32Array.from(await flat(await model('student'))),
    delta: Float32Array.from(mean()),
    first: new Float32Array(parameters),
    second: new Float32Array(parameters),
  };
  for (const step of [0, 1]) stepServer(serverOptimiser, { ...whole, step });
  expect(await flat(second.student.path)).toEqual([...whole.parameters]);
  const moments = await values(second.moments!.path);
  expect(moments.get('first')).toEqual(whole.first);
  expect(moments.get('second')).toEqual(whole.second);
});

it('moves a local teacher by the mean of its changes', async () => {
  const plan: StudyPlan = { ...demo, teacher: { mode: 'local', follow: { base: 0.9 } } };
  const updates = [update('seoul', 2 * parameters, 640), update('daegu', 2 * parameters, 320)];
  const form = await readUpdateForm(plan, 1, await model('student'));
  expect(form).toMatchObject({ parameters: 2 * parameters, centreLength: 256, sendsTeacher: true });
  const { student, teacher } = await closed({ plan, updates });
  const both = [...(await flat(await model('student'))), ...(await flat(await model('teacher')))];
  const expected = both.map((x, i) => Math.fround(x + mean(2 * parameters)[i]!));
  expect([...(await flat(student.path)), ...(await flat(teacher!.path))]).toEqual(expected);
});

it('goes on without an update that turns out bad, as if it had never come', async () => {
  const good = [update('seoul', parameters, 640), update('daegu', parameters, 320)];
  const damaged = update('busan', parameters, 100_000);
  writeFileSync(damaged.path, Buffer.alloc(damaged.manifest.payload.byteLength, 1));
  const withNaN = makeUpdate({
    site: 'jeju',
    values: draw('jeju', parameters),
    centre: new Float32Array(256).fill(NaN),
  });
  const file = path.join(directory, 'jeju.blob');
  writeFileSync(file, withNaN.blob);
  const result = await closed({ updates: [...good, damaged, { manifest: withNaN.manifest, path: file }] });
  expect(result.refused.map(({ siteId, code }) => [siteId, code])).toEqual([
    ['busan', 'UPDATE.MALFORMED_BLOB'],
    ['jeju', 'UPDATE.NOT_FINITE'],
  ]);
  expect(result.student).toEqual((await closed({ updates: good })).student);
});

it.each<[string, string, () => Promise<Partial<CloseRoundRequest>>]>([
  [
    'fewer updates than minimumSites',
    'AGGREGATION.TOO_FEW_SITES',
    async () => Promise.resolve({ updates: [update('seoul')] }),
  ],
  ['no teacher', 'AGGREGATION.BAD_MODEL', async () => Promise.resolve({ teacher: null })],
  ['a teacher in generation 0', 'AGGREGATION.BAD_MODEL', async () => Promise.resolve({ generation: 0 })],
  ['a missing model', 'FILE.NOT_FOUND', async () => Promise.resolve({ student: path.join(directory, 'none') })],
])('refuses %s: %s', async (_what, code, change) => {
  await expect(closed(await change())).rejects.toThrow(expect.objectContaining({ code }) as Error);
});
