import { DomainError } from '@fedistl/core';

/** A token of a person that cannot be made or revoked. */
export class TokenError extends DomainError {}
