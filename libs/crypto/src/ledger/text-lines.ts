import { concatBytes, decodeUtf8 } from '../encoding/bytes';

/** A line as read: its bytes with the line feed, and its text without; `text` is undefined when it is not UTF-8. */
export interface TextLine {
  readonly bytes: Uint8Array;
  readonly text: string | undefined;
  /** False for a last line that the file ends in the middle of. */
  readonly complete: boolean;
}

const lineFeed = 0x0a;

/**
 * Splits a stream into lines, holding one line at a time. A line longer than `maximumLength` ends the sequence as an
 * incomplete line, so that a file without line feeds cannot fill the memory.
 */
export async function* textLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maximumLength: number,
): AsyncGenerator<TextLine> {
  let pending: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      const bytes = concatBytes(...pending, chunk.subarray(start, end + 1));
      pending = [];
      length = 0;
      start = end + 1;
      if (bytes.length > maximumLength) {
        yield { bytes, text: undefined, complete: false };
        return;
      }
      yield { bytes, text: decodeUtf8(bytes.subarray(0, -1)), complete: true };
    }
    // Copied, for a source may reuse its buffer.
    pending.push(chunk.slice(start));
    length += chunk.length - start;
    if (length > maximumLength) {
      yield { bytes: concatBytes(...pending), text: undefined, complete: false };
      return;
    }
  }
  if (length > 0) yield { bytes: concatBytes(...pending), text: undefined, complete: false };
}
