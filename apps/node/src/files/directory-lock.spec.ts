import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isAlive, lockDirectory } from './directory-lock';

const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-lock-'));
const file = path.join(directory, 'node.lock');

afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('lockDirectory', () => {
  let other: ChildProcess;

  beforeEach(() => {
    rmSync(file, { force: true });
    other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  });

  afterEach(async () => {
    if (other.exitCode === null && other.signalCode === null) {
      other.kill('SIGKILL');
      await once(other, 'exit');
    }
  });

  it('takes a free directory, writes down whose it is, and gives it back', async () => {
    const unlock = await lockDirectory(file);
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
    expect(readdirSync(directory)).toEqual(['node.lock']);
    await unlock();
    expect(existsSync(file)).toBe(false);
    await (
      await lockDirectory(file)
    )();
  });

  it('is refused while another process lives that holds it, and names that process', async () => {
    writeFileSync(file, String(other.pid));
    await expect(lockDirectory(file)).rejects.toMatchObject({
      code: 'NODE.RUNNING',
      message: expect.stringContaining(`process ${String(other.pid)}`) as string,
    });
    expect(readFileSync(file, 'utf8')).toBe(String(other.pid));
    expect(readdirSync(directory)).toEqual(['node.lock']);
  });

  it('is taken over from a process that was killed', async () => {
    writeFileSync(file, String(other.pid));
    other.kill('SIGKILL');
    await once(other, 'exit');
    const unlock = await lockDirectory(file);
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid));
    await unlock();
  });

  it.each(['', 'nonsense', '-1', '1e9'])(
    'is taken over when it holds %j: no process wrote that whole',
    async (text) => {
      writeFileSync(file, text);
      await (
        await lockDirectory(file)
      )();
    },
  );

  it('is taken by a process of the number that a killed one had, as in a container', async () => {
    writeFileSync(file, String(process.pid));
    expect(isAlive(process.pid)).toBe(false);
    await (
      await lockDirectory(file)
    )();
  });
});
