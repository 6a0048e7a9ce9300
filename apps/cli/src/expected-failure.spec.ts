import { writeFileSync } from 'node:fs';
import { DomainError } from '@fedistl/core';
import { expectedFailure } from './expected-failure';

function thrownBy(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('expected it to throw');
}

it('tells a folder that is not there from a defect', () => {
  const missing = thrownBy(() => {
    writeFileSync('/nowhere-of-fedistl/out.csv', '');
  });
  expect(expectedFailure(missing)).toMatchObject({
    code: 'FILE.NOT_FOUND',
    message: 'cannot use /nowhere-of-fedistl/out.csv: no such file or directory',
  });
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write', path: '/data/x' });
  expect(expectedFailure(full)).toMatchObject({ code: 'FILE.DISK_FULL' });
});

it('leaves our own errors as they are, and defects to their stack', () => {
  const own = new DomainError('COMMAND.PLAN', 'expected a plan');
  expect(expectedFailure(own)).toBe(own);
  expect(expectedFailure(new TypeError('x is not a function'))).toBeUndefined();
  expect(expectedFailure('text')).toBeUndefined();
});
