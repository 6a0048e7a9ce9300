import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ProcessRegister } from './process-register';

const folder = mkdtempSync(path.join(tmpdir(), 'fedistl-register-'));
const file = path.join(folder, 'processes.json');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('ends what an earlier run left, and leaves alone who only has the same id', async () => {
  const [ours, other] = [0, 1].map(() => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']));
  await Promise.all([once(ours!, 'spawn'), once(other!, 'spawn')]);
  const register = new ProcessRegister(file);
  register.add('ours', ours!.pid!);
  register.add('other', other!.pid!);
  const entries = JSON.parse(readFileSync(file, 'utf8')) as { started: string }[];
  entries[1]!.started = `${entries[1]!.started}0`;
  writeFileSync(file, JSON.stringify(entries));
  const ended = once(ours!, 'exit');
  expect(await new ProcessRegister(file).endLeftOver()).toEqual(['ours']);
  expect((await ended)[1]).toBe('SIGTERM');
  expect(other!.exitCode).toBeNull();
  expect(existsSync(file)).toBe(false);
  other!.kill('SIGKILL');
  await once(other!, 'exit');
});

it('knows no process without a file', () => {
  expect(new ProcessRegister(path.join(folder, 'none.json')).leftOver()).toEqual([]);
});
