import { brotliDecompressSync, inflateRawSync, inflateSync } from 'node:zlib';
import { webSocketPayloads } from './web-socket-frames';

/** Something that must never leave, by name. */
export interface Canary {
  readonly name: string;
  readonly bytes: Buffer;
}

const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);
const LEAST_BASE64 = 24;

/**
 * Which canaries are in what one connection sent: raw, unmasked from WebSocket frames, decoded from base64 (at each of its
 * alignments, with the URL alphabet too), from hexadecimal, and in gzip and zlib streams wherever one begins.
 *
 * @returns `name (how it was found)` for each find
 */
export function findCanaries(sent: Buffer, canaries: readonly Canary[]): string[] {
  const found = new Set<string>();
  for (const [how, bytes] of readings(sent)) {
    for (const { name, bytes: wanted } of canaries) if (bytes.includes(wanted)) found.add(`${name} (${how})`);
  }
  return [...found].sort();
}

function* readings(sent: Buffer): Generator<[string, Buffer]> {
  const plain: [string, Buffer][] = [['raw', sent]];
  const upgrade = sent.toString('latin1').search(/\r\nUpgrade: websocket\r\n/i);
  const body = upgrade < 0 ? -1 : sent.indexOf('\r\n\r\n', upgrade);
  if (body >= 0) plain.push(['WebSocket', webSocketPayloads(sent.subarray(body + 4))]);
  for (const [how, bytes] of plain) {
    yield [how, bytes];
    for (const inflated of inflatedIn(bytes)) {
      yield [`${how}, decompressed`, inflated];
      for (const decoded of decodedIn(inflated)) yield [`${how}, decompressed, decoded`, decoded];
    }
    for (const decoded of decodedIn(bytes)) {
      yield [`${how}, decoded`, decoded];
      for (const inflated of inflatedIn(decoded)) yield [`${how}, decoded, decompressed`, inflated];
    }
  }
}

/** Runs of base64 and of hexadecimal, decoded. */
function* decodedIn(bytes: Buffer): Generator<Buffer> {
  const text = bytes.toString('latin1');
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{24,}/g)) {
    for (let shift = 0; shift < 4; shift++) {
      if (run.length - shift >= LEAST_BASE64) yield Buffer.from(run.slice(shift), 'base64');
    }
  }
  for (const [run] of text.matchAll(/[0-9a-fA-F]{24,}/g)) {
    yield Buffer.from(run, 'hex');
    yield Buffer.from(run.slice(1), 'hex');
  }
}

/** Every gzip and zlib stream in the bytes, and the whole as deflate or brotli. */
function* inflatedIn(bytes: Buffer): Generator<Buffer> {
  for (let at = bytes.indexOf(GZIP); at >= 0; at = bytes.indexOf(GZIP, at + 1)) {
    yield* attempt(() => inflateRawSync(bytes.subarray(at + gzipHeaderLength(bytes.subarray(at))), { finishFlush: 2 }));
  }
  for (let at = bytes.indexOf(0x78); at >= 0; at = bytes.indexOf(0x78, at + 1)) {
    // The two bytes of a zlib header are a multiple of 31 (RFC 1950).
    if ((0x7800 + (bytes[at + 1] ?? 0)) % 31 === 0)
      yield* attempt(() => inflateSync(bytes.subarray(at), { finishFlush: 2 }));
  }
  yield* attempt(() => inflateRawSync(bytes));
  yield* attempt(() => brotliDecompressSync(bytes));
}

/** RFC 1952, section 2.3. */
function gzipHeaderLength(bytes: Buffer): number {
  const flags = bytes[3] ?? 0;
  let length = 10;
  if ((flags & 4) !== 0 && length + 2 <= bytes.length) length += 2 + bytes.readUInt16LE(length);
  for (const field of [8, 16]) if ((flags & field) !== 0) length = bytes.indexOf(0, length) + 1;
  return (flags & 2) !== 0 ? length + 2 : length;
}

/** What is no stream after all is nothing to search in. */
function* attempt(inflate: () => Buffer): Generator<Buffer> {
  let bytes: Buffer;
  try {
    bytes = inflate();
  } catch {
    return;
  }
  if (bytes.length > 0) yield bytes;
}
