import { DomainError } from '@fedistl/core';
import { TransferError } from './transfer.errors';

/** Codes for refusals of the tus server, by HTTP status and the start of its text. */
const codes: readonly (readonly [status: number, text: string, code: string, expected: string])[] = [
  [404, '', 'UPLOAD.NOT_FOUND', 'an upload that exists'],
  [410, '', 'UPLOAD.EXPIRED', 'an upload that has not expired: begin again'],
  [409, '', 'UPLOAD.WRONG_OFFSET', 'the offset at which the upload stands: ask for it by HEAD'],
  [413, '', 'UPLOAD.TOO_LARGE', 'no more bytes than announced and allowed'],
  [500, 'failed to acquire lock', 'UPLOAD.LOCKED', 'no other request that writes this upload'],
  [400, 'Request aborted', 'UPLOAD.LOCKED', 'no other request that writes this upload'],
];

/** An error of the tus server in the words of this API; errors of our own pass. */
export function tusError(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  if (typeof error !== 'object' || error === null || !('status_code' in error)) return error;
  const status = Number(error.status_code);
  const text = 'body' in error ? String(error.body) : '';
  const known = codes.find(([code, start]) => code === status && text.startsWith(start));
  if (known !== undefined) return new TransferError(known[2], `expected ${known[3]}`);
  if (status >= 500 && status !== 501) return error instanceof Error ? error : new Error(`tus: ${text.trim()}`);
  return new TransferError(
    'UPLOAD.REFUSED',
    `expected a request of tus 1.0, got one refused for: ${text.trim().slice(0, 200)}`,
  );
}
