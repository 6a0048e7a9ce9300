import { DomainError } from '../errors';

/** A text that is not the JSON we accept, or a value that JSON cannot carry exactly. */
export class JsonError extends DomainError {}
