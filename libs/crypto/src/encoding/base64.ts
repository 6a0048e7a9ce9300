import { EncodingError } from '../crypto.errors';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const invalid = 255;

/** Value of each ASCII code in the standard alphabet; '-' and '_' of the URL-safe alphabet have values too. */
const values = new Uint8Array(128).fill(invalid);
for (let i = 0; i < alphabet.length; i++) values[alphabet.charCodeAt(i)] = i;
values['-'.charCodeAt(0)] = 62;
values['_'.charCodeAt(0)] = 63;

/** Bytes encoded at a time, a multiple of 3, so that no intermediate string or argument list grows with the input. */
const block = 3 * 2048;

/** Standard base64 with padding (RFC 4648 section 4). */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += block) text += encodeBlock(bytes.subarray(start, start + block));
  return text;
}

function encodeBlock(bytes: Uint8Array): string {
  const codes = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  for (let i = 0, o = 0; i < bytes.length; i += 3, o += 4) {
    const word = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const missing = Math.max(0, i + 3 - bytes.length);
    for (let k = 0; k < 4; k++) {
      codes[o + k] = k >= 4 - missing ? 61 : alphabet.charCodeAt((word >> (18 - 6 * k)) & 63);
    }
  }
  return String.fromCharCode(...codes);
}

export interface Base64Options {
  /** What the text is, for the message. */
  readonly field?: string;
  /** Accept the URL-safe alphabet (RFC 4648 section 5) too, as DSSE asks of a reader; not both in one text. */
  readonly urlSafe?: boolean;
  /** Number of bytes that the text must hold. */
  readonly length?: number;
}

/**
 * Bytes of a base64 text. Strict, so that every byte string has one spelling in an alphabet: padding is required,
 * unused bits must be zero, white space is refused.
 *
 * @throws EncodingError `ENCODING.BASE64`
 */
export function fromBase64(text: string, options: Base64Options = {}): Uint8Array {
  const { field = 'base64 text', urlSafe = false, length } = options;
  const refuse = (expected: string): never => {
    throw new EncodingError('ENCODING.BASE64', `${field}: expected ${expected}`, { details: { field } });
  };
  if (text.length % 4 !== 0) refuse(`base64 of a multiple of 4 characters, got ${text.length}`);
  const hasStandard = /[+/]/.test(text);
  const hasUrlSafe = /[-_]/.test(text);
  if (hasUrlSafe && (!urlSafe || hasStandard)) refuse('one base64 alphabet');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const characters = text.length - padding;
  let word = 0;
  let bits = 0;
  let o = 0;
  for (let i = 0; i < characters; i++) {
    const value = values[text.charCodeAt(i)] ?? invalid;
    if (value === invalid) refuse('characters of the base64 alphabet only');
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[o++] = (word >> bits) & 0xff;
    }
  }
  if ((word & ((1 << bits) - 1)) !== 0) refuse('unused bits that are zero');
  if (length !== undefined && bytes.length !== length) refuse(`${length} bytes, got ${bytes.length}`);
  return bytes;
}
