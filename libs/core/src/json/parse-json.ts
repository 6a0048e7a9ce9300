import { JsonError } from './json.errors';

export interface ParseJsonLimits {
  /** Most characters of the text. Default: 64 Mi. */
  readonly maxLength?: number;
  /** Deepest nesting of arrays and objects. Default: 256. */
  readonly maxDepth?: number;
}

/**
 * JSON text that may come from an attacker: as `JSON.parse`, but a member name that occurs twice in one object is refused
 * (RFC 8259 leaves its meaning open, so two readers of a signed text could see different values) and depth is bounded.
 *
 * @throws JsonError `JSON.TOO_LONG`, `JSON.SYNTAX`, `JSON.DUPLICATE_NAME`, `JSON.TOO_DEEP`.
 */
export function parseJson(text: string, limits: ParseJsonLimits = {}): unknown {
  const { maxLength = 64 * 2 ** 20, maxDepth = 256 } = limits;
  if (text.length > maxLength) {
    throw new JsonError('JSON.TOO_LONG', `expected at most ${maxLength} characters of JSON, got ${text.length}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new JsonError('JSON.SYNTAX', 'expected JSON text, got text with a syntax error', { cause });
  }
  checkStructure(text, maxDepth);
  return value;
}

/** Walks text that is known to be valid JSON: names are unique within each object, nesting stays within `maxDepth`. */
function checkStructure(text: string, maxDepth: number): void {
  /** One item for each open bracket: the names seen so far for an object, `undefined` for an array. */
  const open: (Set<string> | undefined)[] = [];
  let expectsName = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x7b: // {
        open.push(new Set());
        expectsName = true;
        break;
      case 0x5b: // [
        open.push(undefined);
        expectsName = false;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        break;
      case 0x3a: // :
        expectsName = false;
        break;
      case 0x2c: // ,
        expectsName = open.at(-1) !== undefined;
        break;
      case 0x22: {
        const end = stringEnd(text, at);
        if (expectsName) addName(open.at(-1), text.slice(at, end));
        at = end - 1;
        break;
      }
    }
    if (open.length > maxDepth) {
      throw new JsonError('JSON.TOO_DEEP', `expected at most ${maxDepth} levels of nesting, got more`);
    }
  }
}

/** The index after the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at + 1;
}

function addName(names: Set<string> | undefined, quoted: string): void {
  const name = JSON.parse(quoted) as string;
  if (names?.has(name)) {
    throw new JsonError('JSON.DUPLICATE_NAME', `member ${quoted.slice(0, 80)} occurs twice in one object`);
  }
  names?.add(name);
}
