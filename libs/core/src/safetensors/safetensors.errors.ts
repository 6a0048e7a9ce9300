import { DomainError } from '../errors';

/** A safetensors file, or tensors to be written to one, that break the format. Codes are in docs/errors/core.md. */
export class SafetensorsError extends DomainError {}
