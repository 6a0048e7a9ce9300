import { inspect } from 'node:util';

/**
 * A patient's identifier, read from a header and never to be printed.
 *
 * The value leaves only through `reveal()`, which the data-set index calls to make a keyed hash of it.
 * JSON, string conversion, `console.log` and structured clone all see a fixed word instead, so that a careless log line
 * or error detail cannot carry a name.
 */
export class SensitiveText {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself. Hash it at once; never log, store or send it. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [inspect.custom](): string {
    return '[redacted]';
  }
}
