import { DomainError } from '@fedistl/core';

/** A request that is refused before any endpoint sees it, or an answer that failed for a reason of the coordinator's own. */
export class HttpError extends DomainError {}
