import { DomainError } from '@fedistl/core';

/** A proposal that cannot be made or decided. */
export class ProposalError extends DomainError {}
