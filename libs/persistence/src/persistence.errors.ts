import { DomainError } from '@fedistl/core';

/** The database, its embedded server or the blob store cannot do what was asked. */
export class PersistenceError extends DomainError {}
