import { DomainError } from '@fedistl/core';

/** Labels, scores or options that a statistic cannot be computed from. Codes are in docs/errors/evaluation.md. */
export class EvaluationError extends DomainError {}
