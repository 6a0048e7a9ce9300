import { DomainError } from '@fedistl/core';

/** A study that is not there, or cannot do this now. */
export class StudyError extends DomainError {}
