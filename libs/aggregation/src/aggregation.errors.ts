import { DomainError } from '@fedistl/core';

/** The aggregation as a whole cannot be done as asked. */
export class AggregationError extends DomainError {}

/** One update is refused; the round goes on without it. */
export class UpdateError extends DomainError {}
