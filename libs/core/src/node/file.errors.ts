import { DomainError } from '../errors';

/** A file that could not be read or written. */
export class FileError extends DomainError {}

const REASONS: Readonly<Record<string, readonly [code: string, message: string]>> = {
  ENOENT: ['FILE.NOT_FOUND', 'no such file or directory'],
  EACCES: ['FILE.NOT_PERMITTED', 'permission denied'],
  EPERM: ['FILE.NOT_PERMITTED', 'operation not permitted'],
  EROFS: ['FILE.NOT_PERMITTED', 'the file system is read-only'],
  ENOSPC: ['FILE.DISK_FULL', 'no space left on the device'],
  EDQUOT: ['FILE.DISK_FULL', 'the disk quota is used up'],
  EFBIG: ['FILE.DISK_FULL', 'the file would be larger than the file system allows'],
  EISDIR: ['FILE.IS_DIRECTORY', 'expected a file, got a directory'],
  ENOTDIR: ['FILE.NOT_FOUND', 'a part of the path is not a directory'],
};

/** Turns an error of `node:fs` into a `FileError`; any other error passes through. */
export function toFileError(cause: unknown, action: 'read' | 'write', path: string): unknown {
  if (!isSystemError(cause)) return cause;
  const { code: errno } = cause;
  const [code, reason] = REASONS[errno] ?? [action === 'read' ? 'FILE.READ_FAILED' : 'FILE.WRITE_FAILED', errno];
  return new FileError(code, `cannot ${action} ${path}: ${reason}`, { cause, details: { path, errno } });
}

/** Told by its members: an error of another realm (a worker, a test runner) is no `instanceof Error`. */
function isSystemError(cause: unknown): cause is { readonly code: string; readonly syscall: string } {
  if (typeof cause !== 'object' || cause === null || !('code' in cause) || !('syscall' in cause)) return false;
  return typeof cause.code === 'string' && typeof cause.syscall === 'string';
}
