import { DomainError } from '@fedistl/core';

/** A model of the registry that is not there, or cannot become what was asked. */
export class ModelError extends DomainError {}
