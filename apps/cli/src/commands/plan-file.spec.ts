import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parsePlanHash, parseStudyId } from '@fedistl/core';
import { demoPlan, planHash } from '@fedistl/protocol';
import { readReceivedPlan } from './node-plan';
import { readPlan } from './plan-file';

const folder = mkdtempSync(path.join(tmpdir(), 'fedistl-plan-'));
const plan = demoPlan({
  studyId: parseStudyId('tb'),
  title: 'TB',
  finding: 'tuberculosis',
  createdAt: '2026-01-01T00:00:00Z',
});
const write = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};

afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('reads a plan, and says of a broken one which file and where', async () => {
  await expect(readPlan(write('good.json', JSON.stringify(plan)))).resolves.toEqual(plan);
  const comma = write('comma.json', JSON.stringify(plan).replace('"version":1', '"version":1,,'));
  await expect(readPlan(comma)).rejects.toMatchObject({
    code: 'COMMAND.PLAN',
    message: expect.stringMatching(/comma\.json: .*position \d+/) as string,
  });
  const wrong = write('wrong.json', JSON.stringify({ ...plan, version: 2 }));
  await expect(readPlan(wrong)).rejects.toMatchObject({
    code: 'COMMAND.PLAN',
    message: expect.stringContaining('version') as string,
  });
});

it('shows a hospital the plan that it allows, told by the hash of its content', async () => {
  const plans = path.join(folder, 'plans');
  mkdirSync(plans);
  const hash = planHash(plan);
  const envelope = (content: unknown): string =>
    JSON.stringify({
      payloadType: 'application/vnd.fedistl.study-plan.v1+json',
      payload: Buffer.from(JSON.stringify(content)).toString('base64'),
      signatures: [{ keyid: '0'.repeat(64), sig: Buffer.alloc(64).toString('base64') }],
    });
  writeFileSync(path.join(plans, `${hash}.json`), envelope(plan));
  await expect(readReceivedPlan(plans, hash)).resolves.toEqual(plan);
  writeFileSync(path.join(plans, `${hash}.json`), envelope({ ...plan, title: 'another' }));
  await expect(readReceivedPlan(plans, hash)).rejects.toMatchObject({ code: 'COMMAND.PLAN' });
  const none = parsePlanHash('0'.repeat(64));
  await expect(readReceivedPlan(plans, none)).rejects.toMatchObject({
    code: 'COMMAND.PLAN',
    message: expect.stringContaining('got no file') as string,
  });
});
