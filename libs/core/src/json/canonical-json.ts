import { JsonError } from './json.errors';

/** Deeper values are refused rather than risking the call stack on signed input. */
const MAX_DEPTH = 256;

/**
 * The JSON Canonicalization Scheme of RFC 8785: no white space, members sorted by UTF-16 code units (section 3.2.3),
 * strings and numbers as ECMAScript writes them (3.2.2). Equal values give equal text, so the text can be hashed and
 * signed.
 *
 * Only what JSON carries exactly is accepted: null, booleans, finite numbers, well-formed strings, arrays without holes
 * and plain objects. A member that is `undefined` is refused, not dropped: what is signed is what was meant.
 *
 * @throws JsonError `JSON.NOT_FINITE`, `JSON.LONE_SURROGATE`, `JSON.NOT_JSON`, `JSON.TOO_DEEP`; the message names the place.
 */
export function canonicalJson(value: unknown): string {
  return write(value, [], '$');
}

/** UTF-8 of `canonicalJson(value)`: the bytes to hash and to sign. */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value));
}

/** `path` holds the members and indices that lead to `value`; `root` stands before them in messages. */
function write(value: unknown, path: (string | number)[], root: string): string {
  const refuse = (code: string, reason: string): never => {
    throw new JsonError(code, `${reason} at ${root}${path.map((step) => `[${JSON.stringify(step)}]`).join('')}`);
  };
  const text = (string: string): string =>
    // Inside /u a lone surrogate is a code point of its own; a pair is not.
    /\p{Surrogate}/u.test(string) ? refuse('JSON.LONE_SURROGATE', 'lone UTF-16 surrogate') : JSON.stringify(string);

  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') {
    return Number.isFinite(value) ? JSON.stringify(value) : refuse('JSON.NOT_FINITE', `${value} is no JSON number`);
  }
  if (typeof value !== 'object') return refuse('JSON.NOT_JSON', `a value of type ${typeof value} is not JSON`);
  if (path.length >= MAX_DEPTH) return refuse('JSON.TOO_DEEP', `nested more than ${MAX_DEPTH} deep, or in a cycle,`);

  const child = (step: string | number, inner: unknown): string => {
    path.push(step);
    const written = write(inner, path, root);
    path.pop();
    return written;
  };
  if (Array.isArray(value)) return `[${Array.from(value, (item: unknown, i) => child(i, item)).join(',')}]`;
  if (!isPlainObject(value)) return refuse('JSON.NOT_JSON', 'an object with a prototype of its own is not JSON');
  // The default order of sort() is by UTF-16 code units, which is what the RFC asks for.
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${text(name)}:${child(name, value[name])}`).join(',')}}`;
}

/** An object literal or the like, of any realm: its prototype is null or the end of the chain. */
function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.prototype.toString.call(value) === '[object Object]';
}
