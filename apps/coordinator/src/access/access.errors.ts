import { DomainError } from '@fedistl/core';

/** A request by somebody who is not known, or who may not do this. */
export class AccessError extends DomainError {}
