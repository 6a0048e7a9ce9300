import { DomainError } from '@fedistl/core';

/** A table of scores that cannot be read; the message names line and column. */
export class ScoresCsvError extends DomainError {}
