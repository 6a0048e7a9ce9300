import { DomainError } from '@fedistl/core';

/** A configuration that the coordinator does not start with. */
export class ConfigError extends DomainError {}
