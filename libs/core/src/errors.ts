/** Facts that go with an error: numbers, names, expected and actual values. Never pixel values or patient identifiers. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface DomainErrorOptions {
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/**
 * Base of every error that fedistl raises on purpose.
 *
 * `code` is stable across releases and listed in `docs/errors/`; `message` says what was expected and what was got,
 * in words that an operator can act on. Each area has its own subclass (`SafetensorsError`, `LayoutError`, ...).
 */
export class DomainError extends Error {
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(code: string, message: string, options: DomainErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Marks the branch of a `switch` that the compiler has proved unreachable; throws when a value got there all the same. */
export function assertNever(value: never): never {
  throw new DomainError('CORE.UNREACHABLE', `unexpected value ${JSON.stringify(value)}`);
}
