import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { processStartTime } from './process-start-time';

it('is the same at every look, and gone with the process', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  const started = processStartTime(child.pid!);
  expect(started).toMatch(/\S/);
  expect(processStartTime(child.pid!)).toBe(started);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(processStartTime(child.pid!)).toBeNull();
});
