import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort, type RunningCoordinator, startCoordinator } from '@fedistl/cli';
import { parseStudyId } from '@fedistl/core';
import { readSafetensorsFile } from '@fedistl/core/node';
import { recordedPreprocessing } from '@fedistl/distl';
import { demoPlan } from '@fedistl/protocol';

const command = path.resolve(__dirname, '../../apps/cli/bin/fedistl.cjs');

jest.setTimeout(300_000);

describe('commands of people, at a coordinator that runs', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-people-'));
  const data = path.join(directory, 'coordinator');
  const fileOf = (name: string): string => path.join(directory, `${name}.token`);
  let coordinator: RunningCoordinator;

  beforeAll(async () => {
    coordinator = await startCoordinator({ directory: data, port: await freePort() });
  });
  afterAll(async () => {
    await coordinator.process.stop();
    rmSync(directory, { recursive: true });
  });

  /** Runs a command with `--json`. @returns its one object, or the line of its refusal */
  async function run(...args: string[]): Promise<Record<string, unknown> | string> {
    const env = { ...process.env, FEDISTL_COORDINATOR: coordinator.baseUrl };
    const child = spawn(process.execPath, [command, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'], env });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    if (code === 0) return JSON.parse(stdout) as Record<string, unknown>;
    expect([code, stdout]).toEqual([1, '']);
    return stderr;
  }
  /** What the file says about the preparation of its images, which `predict` and `evaluate` go by. */
  async function recordedIn(file: string): Promise<unknown> {
    const { metadata } = await readSafetensorsFile(file);
    return recordedPreprocessing(metadata);
  }
  const as = (person: string, ...args: string[]) => run(...args, '--token-file', fileOf(person));

  it('makes a lost administrator anew, who makes people, who steer a study', async () => {
    const here = ['--data-dir', data];
    const made = await run('coordinator', 'token', 'Cho', ...here);
    writeFileSync(fileOf('administrator'), String((made as Record<string, unknown>)['token']));
    chmodSync(fileOf('administrator'), 0o600);
    const lead = ['token', 'create', 'Kim', '--role', 'study-lead', '--out', fileOf('lead')];
    expect(await as('administrator', ...lead)).toMatchObject({ out: fileOf('lead') });
    expect(await as('administrator', ...lead)).toContain('error COMMAND.FILE_EXISTS: ');
    await as('administrator', 'token', 'create', 'Park', '--role', 'reviewer', '--out', fileOf('reviewer'));
    expect(await as('lead', 'token', 'list')).toContain('error ACCESS.FORBIDDEN: ');

    const plan = {
      studyId: parseStudyId('tb'),
      title: 'TB',
      finding: 'tuberculosis',
      createdAt: '2026-01-01T00:00:00Z',
    };
    const file = path.join(directory, 'plan.json');
    writeFileSync(file, JSON.stringify(demoPlan(plan)));
    const created = await as('lead', 'study', 'create', '--plan', file);
    expect(created).toMatchObject({ studyId: 'tb', state: 'draft' });
    const weights = path.join(directory, 'model.safetensors');
    await as(
      'lead',
      'model',
      'download',
      String((created as Record<string, unknown>)['initialModel']),
      '--out',
      weights,
    );
    expect(await recordedIn(weights)).toMatchObject({ size: 64, resize: 'fast', blurRadius: 0 });
    expect(await as('reviewer', 'study', 'show', 'tb', '--plan')).toEqual(JSON.parse(readFileSync(file, 'utf8')));
    expect(await as('lead', 'study', 'pause', 'tb')).toContain('error STUDY.WRONG_STATE: ');
    expect(await as('reviewer', 'study', 'approve', 'tb')).toMatchObject({ state: 'approved', approvedBy: 'Park' });
    expect(await as('lead', 'study', 'start', 'tb')).toMatchObject({ state: 'running' });
    expect(await as('lead', 'study', 'pause', 'tb')).toMatchObject({
      state: 'paused',
      reason: { code: 'STUDY.PAUSED_BY_PERSON', message: 'paused by Kim' },
    });
    expect(await as('lead', 'study', 'resume', 'tb')).toMatchObject({ state: 'running', reason: null });
    expect(await run('coordinator', 'prune', '--older-than', '30d', ...here)).toMatchObject({ updates: { blobs: 0 } });

    const ledger = path.join(directory, 'ledger.jsonl');
    const exported = await as('lead', 'ledger', 'export', '--out', ledger);
    const key = String((exported as Record<string, unknown>)['ledgerKey']);
    expect(await run('ledger', 'verify', ledger, '--key', key)).toMatchObject({ ok: true, findings: [] });
    const entries = readFileSync(ledger, 'utf8')
      .split('\n')
      .flatMap((line) => /^\{"entry":"([^"]+)"/.exec(line)?.[1] ?? [])
      .map((entry) => (JSON.parse(Buffer.from(entry, 'base64').toString()) as { type: string }).type);
    expect(entries).toEqual(['administrator-token-made', 'plan-published', 'approval-recorded']);
  });
});
