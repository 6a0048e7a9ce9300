import { DecodeError } from '../decode.errors';

/**
 * Makes sure that a codestream ends with its end marker, FFD9 in JPEG, JPEG-LS and JPEG 2000 alike. Zeros or ones after it
 * are the padding of a fragment.
 *
 * Codecs fill what is missing of a cut codestream with grey or with blur and say nothing, and CharLS before 2.4.3 may loop
 * for ever on one. An image that was cut short must not pass for a whole one.
 *
 * @throws DecodeError IMAGING.TRUNCATED
 */
export function checkEnd(codestream: Uint8Array): void {
  let end = codestream.length;
  while (end > 0 && (codestream[end - 1] === 0 || codestream[end - 1] === 0xff)) end -= 1;
  if (end >= 2 && codestream[end - 2] === 0xff && codestream[end - 1] === 0xd9) return;
  throw new DecodeError('IMAGING.TRUNCATED', 'expected the codestream to end with an end marker; it was cut short');
}
