import { DomainError } from '@fedistl/core';

/** An evaluation that nobody asked for, or that comes too late. */
export class EvaluationError extends DomainError {}
