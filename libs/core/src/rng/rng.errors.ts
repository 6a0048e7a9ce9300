import { DomainError } from '../errors';

/** A seed, range or saved state that the random generator cannot use. */
export class RngError extends DomainError {}
