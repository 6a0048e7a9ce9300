import { DomainError } from '@fedistl/core';

/** A round, or an update to one, that cannot be taken. */
export class RoundError extends DomainError {}
