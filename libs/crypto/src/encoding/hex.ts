import { EncodingError } from '../crypto.errors';

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal of `bytes`, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += digits[byte] ?? '';
  return text;
}

/**
 * Bytes of a lower-case hexadecimal text. Upper case is refused: what is hashed or compared has one spelling.
 *
 * @param field what the text is, for the message
 * @throws EncodingError `ENCODING.HEX` when the text is not hexadecimal or, with `length`, not that many bytes
 */
export function fromHex(text: string, field = 'hex text', length?: number): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) {
    throw new EncodingError('ENCODING.HEX', `${field}: expected pairs of digits 0-9 a-f`, { details: { field } });
  }
  const bytes = Uint8Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
  if (length !== undefined && bytes.length !== length) {
    throw new EncodingError('ENCODING.HEX', `${field}: expected ${length} bytes in hexadecimal, got ${bytes.length}`, {
      details: { field, expected: length, actual: bytes.length },
    });
  }
  return bytes;
}
