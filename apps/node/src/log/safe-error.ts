import { ClientError, RefusedError } from '@fedistl/client';
import { DomainError } from '@fedistl/core';
import { ProtocolError } from '@fedistl/protocol';
import { NodeError } from '../node.errors';

export interface SafeError {
  readonly code: string;
  readonly message: string;
}

/**
 * What a log line, the local page or a withdrawal may say of an error: its code, and its message only from areas whose
 * messages hold numbers and identifiers of the protocol. Those of files, images and training may name a path or a data set.
 */
export function safeError(error: unknown): SafeError {
  if (!(error instanceof DomainError)) return { code: 'NODE.UNEXPECTED', message: 'an unexpected error' };
  const speakable = [ClientError, RefusedError, ProtocolError, NodeError].some((area) => error instanceof area);
  const message = speakable ? error.message.replace(/\s+/g, ' ').slice(0, 300) : 'see docs/errors for the code';
  return { code: error.code, message };
}
