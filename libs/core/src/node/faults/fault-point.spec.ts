import { spawnSync } from 'node:child_process';
import { faultPoint } from './fault-point';

// The function's own text in a process of its own: what is tested is that the process really dies, and where.
const program = (fault: string): ReturnType<typeof spawnSync> => {
  const body = `const passages = new Map(); class DomainError extends Error {}; const errors_1 = { DomainError };
    const _errors = errors_1; ${faultPoint.toString()}
    for (const step of ['a', 'b', 'a', 'c']) { faultPoint(step); require('fs').writeSync(1, step); }`;
  return spawnSync(process.execPath, ['-e', body], { env: { ...process.env, FEDISTL_FAULT: fault }, encoding: 'utf8' });
};

it.each([
  ['', 'abac', null],
  ['a', '', 'SIGKILL'],
  ['a:2', 'ab', 'SIGKILL'],
  ['c', 'aba', 'SIGKILL'],
  ['d', 'abac', null],
])('FEDISTL_FAULT=%j: the steps before it are done, then the process is killed', (fault, done, signal) => {
  const { stdout, signal: got } = program(fault);
  expect([stdout, got]).toEqual([done, signal]);
});

it('refuses a value of another form', () => {
  process.env['FEDISTL_FAULT'] = 'a b';
  try {
    expect(() => {
      faultPoint('a');
    }).toThrow(expect.objectContaining({ code: 'FAULT.INVALID' }) as Error);
  } finally {
    delete process.env['FEDISTL_FAULT'];
  }
});
