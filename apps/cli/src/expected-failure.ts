import { DomainError } from '@fedistl/core';
import { FileError, toFileError } from '@fedistl/core/node';

/**
 * What failed for a reason outside of the program: an error of ours, or one of the file system that names a path, such as a
 * folder that is not there or a disk that is full. Undefined for a defect, whose stack is wanted.
 */
export function expectedFailure(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  if (typeof error !== 'object' || error === null) return undefined;
  if (!('path' in error) || typeof error.path !== 'string') return undefined;
  const failure = toFileError(error, 'write', error.path);
  if (!(failure instanceof FileError)) return undefined;
  // Whether it was to be read or written, the system does not say.
  return new FileError(failure.code, failure.message.replace(/^cannot write/, 'cannot use'), { cause: error });
}
