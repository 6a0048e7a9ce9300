import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { canRunPostgres } from '@fedistl/persistence/testing';
import { readConfig } from '../config/read-config';
import { TestCoordinator } from '../testing/test-coordinator';
import { administrationCommand, runAdministration } from './run-administration';

const refused = (code: string, text = ''): Error =>
  expect.objectContaining({ code, message: expect.stringContaining(text) as string }) as Error;

describe('arguments of the coordinator', () => {
  const config = readConfig({ FEDISTL_DATA_DIR: path.join(tmpdir(), 'fedistl-none') });

  it('name a command, or the service', () => {
    expect(administrationCommand([])).toBeUndefined();
    expect(administrationCommand(['start'])).toBeUndefined();
    expect(administrationCommand(['prune', '--older-than', '30d'])).toBe('prune');
    expect(() => administrationCommand(['--help'])).toThrow(refused('CONFIG.USAGE', 'usage: '));
  });

  it.each([
    ['token', [], '--name'],
    ['token', ['--name', ' '], '--name'],
    ['token', ['--name', 'Kim', '--days', '0'], '--days'],
    ['token', ['--name', 'Kim', '--role', 'viewer'], '--role'],
    ['prune', [], '--older-than'],
    ['prune', ['--older-than', '30'], '--older-than'],
    ['prune', ['--older-than', '0d'], '--older-than'],
  ] as const)('%s %j is refused', async (command, args, text) => {
    await expect(runAdministration(command, [command, ...args], config)).rejects.toThrow(refused('CONFIG.USAGE', text));
  });

  it('make no coordinator where there is none', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-empty-'));
    const empty = readConfig({ FEDISTL_DATA_DIR: directory });
    await expect(runAdministration('token', ['token', '--name', 'Kim'], empty)).rejects.toThrow(
      refused('CONFIG.NO_COORDINATOR', directory),
    );
    expect(readdirSync(directory)).toEqual([]);
    rmSync(directory, { recursive: true });
  });
});

(canRunPostgres() ? describe : describe.skip)("on the coordinator's machine", () => {
  let coordinator: TestCoordinator;
  beforeAll(async () => {
    coordinator = await TestCoordinator.start();
  }, 120_000);
  afterAll(() => coordinator.dispose());

  const token = async (...args: string[]): Promise<{ id: string; token: string; expiresAt: string }> => {
    const [line] = await runAdministration('token', ['token', ...args, '--json'], coordinator.config);
    return JSON.parse(line ?? '') as { id: string; token: string; expiresAt: string };
  };

  it.each(['while the service runs', 'while it is stopped'])('a lost token is made anew %s', async (when) => {
    if (when !== 'while the service runs') await coordinator.stop();
    const made = await token('--name', 'Kim', '--days', '3');
    if (when !== 'while the service runs') await coordinator.resume();
    expect(await coordinator.call('me', { token: made.token })).toMatchObject({ name: 'Kim', role: 'administrator' });
    const { tokens } = await coordinator.call('listTokens', { token: made.token });
    expect(tokens.find(({ id }) => id === made.id)?.expiresAt).toBe(made.expiresAt);
    const entries: unknown[] = [];
    for await (const entry of coordinator.testDatabase.database.repositories.ledger.entries(0, 100)) {
      entries.push(JSON.parse(Buffer.from(entry).toString()));
    }
    expect(entries.at(-1)).toMatchObject({ type: 'administrator-token-made', tokenId: made.id });
    expect(JSON.stringify(entries)).not.toContain(made.token);
  });

  it('prints the token alone on the first line for people', async () => {
    const lines = await runAdministration('token', ['token', '--name', 'Kim'], coordinator.config);
    expect(lines[0]).toMatch(/^fdp_[\w-]{43}$/);
    expect(lines[1]).toContain('administrator Kim, until ');
  });

  it('prunes beside the service, and says what went', async () => {
    const args = ['prune', '--older-than', '30d'];
    const lines = await runAdministration('prune', [...args, '--dry-run'], coordinator.config);
    expect(lines[0]).toMatch(/^would delete what was over before 20/);
    const [json] = await runAdministration('prune', [...args, '--json'], coordinator.config);
    expect(JSON.parse(json ?? '')).toMatchObject({ dryRun: false, updates: { blobs: 0, bytes: 0 }, jobs: 0 });
  });
});
