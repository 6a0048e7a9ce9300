import { DomainError } from '../errors';

/** Named tensors and a flat vector that do not fit each other. */
export class LayoutError extends DomainError {}
