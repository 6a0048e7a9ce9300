import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, isPortFree } from './free-port';
import { ManagedProcess } from './managed-process';
import { waitUntil } from './wait-until';

const folder = mkdtempSync(path.join(tmpdir(), 'fedistl-process-'));
const start = (name: string, program: string): ManagedProcess =>
  ManagedProcess.start({ name, args: ['-e', program], logFile: path.join(folder, `${name}.log`) });
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('ends a process that obeys by SIGTERM, and one that does not by SIGKILL', async () => {
  const obeys = start(
    'obeys',
    'console.log("up"); process.once("SIGTERM", () => process.exit(3)); setInterval(() => {}, 9)',
  );
  await waitUntil(() => obeys.tail().includes('up'), { what: 'its first line', timeoutMs: 20_000, processes: [obeys] });
  expect(await obeys.stop()).toEqual({ code: 3, signal: null });
  const deaf = start('deaf', 'console.log("up"); process.on("SIGTERM", () => {}); setInterval(() => {}, 9)');
  await waitUntil(() => deaf.tail().includes('up'), { what: 'its first line', timeoutMs: 20_000, processes: [deaf] });
  expect(await deaf.stop(100)).toEqual({ code: null, signal: 'SIGKILL' });
});

it('stops waiting when the process has ended, and shows why', async () => {
  const broken = start('broken', 'console.error("no database"); process.exit(1)');
  await expect(
    waitUntil(() => false, { what: 'readiness', timeoutMs: 60_000, processes: [broken] }),
  ).rejects.toMatchObject({
    code: 'PROCESS.ENDED',
    message: expect.stringMatching(/broken ended \(exit code 1\)[^]*no database/) as string,
  });
});

it('stops waiting at the time limit', async () => {
  await expect(waitUntil(() => null, { what: 'nothing', timeoutMs: 1, everyMs: 1 })).rejects.toMatchObject({
    code: 'PROCESS.TIMEOUT',
  });
});

it('finds a port that can be listened on', async () => {
  expect(await isPortFree(await freePort())).toBe(true);
});
