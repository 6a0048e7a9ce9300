export { assertNever, DomainError, type DomainErrorOptions, type ErrorDetails } from './errors';
