import { DomainError } from '@fedistl/core';

/** A message, plan or round event that the protocol does not allow. */
export class ProtocolError extends DomainError {}
