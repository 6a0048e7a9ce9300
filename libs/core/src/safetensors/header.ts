import { JsonError } from '../json/json.errors';
import { parseJson } from '../json/parse-json';
import { isRecord, parseEntry, quoted, type SafetensorsEntry } from './header-entry';
import { DEFAULT_LIMITS, type SafetensorsLimits } from './limits';
import { SafetensorsError } from './safetensors.errors';

/** What the header of a file says, checked. */
export interface SafetensorsHeader {
  /** In the order of the header. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the data section starts in the file. */
  readonly dataStart: number;
}

/** Bytes before the header: its length, a little-endian unsigned 64-bit number. */
export const PREFIX_BYTES = 8;

/**
 * The length of the header, read from the first eight bytes of a file of `fileBytes` and checked before anything of that
 * length is read or allocated.
 *
 * @throws SafetensorsError `SAFETENSORS.TRUNCATED`, `SAFETENSORS.HEADER_TOO_LONG`.
 */
export function headerLength(prefix: Uint8Array, fileBytes: number, limits: SafetensorsLimits = {}): number {
  const { maxHeaderBytes } = { ...DEFAULT_LIMITS, ...limits };
  if (fileBytes < PREFIX_BYTES || prefix.length < PREFIX_BYTES) {
    throw new SafetensorsError('SAFETENSORS.TRUNCATED', `expected at least ${PREFIX_BYTES} bytes, got ${fileBytes}`);
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset, PREFIX_BYTES);
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  if (length > maxHeaderBytes) {
    throw new SafetensorsError(
      'SAFETENSORS.HEADER_TOO_LONG',
      `expected a header of at most ${maxHeaderBytes} bytes, the file announces ${length}`,
    );
  }
  if (PREFIX_BYTES + length > fileBytes) {
    throw new SafetensorsError(
      'SAFETENSORS.TRUNCATED',
      `expected a header of ${length} bytes after the first ${PREFIX_BYTES}, the file ends after ${fileBytes} bytes`,
    );
  }
  return length;
}

/**
 * Parses the `header` bytes of a file of `fileBytes`: every name once, every entry well-formed, and the tensors tile the
 * data section from its first byte to its last without overlap or hole, as the format demands.
 */
export function parseHeader(header: Uint8Array, fileBytes: number, limits: SafetensorsLimits = {}): SafetensorsHeader {
  const { maxTensors, maxDataBytes } = { ...DEFAULT_LIMITS, ...limits };
  const dataStart = PREFIX_BYTES + header.length;
  const dataBytes = fileBytes - dataStart;
  if (dataBytes > maxDataBytes) {
    throw new SafetensorsError(
      'SAFETENSORS.TOO_LARGE',
      `expected at most ${maxDataBytes} bytes of data, got ${dataBytes}`,
    );
  }
  const root = parseHeaderJson(header);
  const names = Object.keys(root).filter((name) => name !== '__metadata__');
  if (names.length > maxTensors) {
    throw new SafetensorsError(
      'SAFETENSORS.TOO_MANY_TENSORS',
      `expected at most ${maxTensors} tensors, got ${names.length}`,
    );
  }
  const entries = names.map((name) => parseEntry(name, root[name], dataBytes));
  checkTiling(entries, dataBytes);
  const metadata = Object.hasOwn(root, '__metadata__') ? parseMetadata(root['__metadata__']) : {};
  return { entries: new Map(entries.map((entry) => [entry.name, entry])), metadata, dataStart };
}

function parseHeaderJson(header: Uint8Array): Readonly<Record<string, unknown>> {
  // The format wants "{" at once, so that a file cannot be two things at a time.
  if (header[0] !== 0x7b)
    throw new SafetensorsError('SAFETENSORS.HEADER_NOT_JSON', 'expected the header to start with "{"');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch (cause) {
    throw new SafetensorsError('SAFETENSORS.HEADER_NOT_UTF8', 'expected the header to be UTF-8', { cause });
  }
  try {
    const root = parseJson(text, { maxDepth: 8 });
    if (isRecord(root)) return root;
  } catch (cause) {
    if (cause instanceof JsonError && cause.code === 'JSON.DUPLICATE_NAME') {
      throw new SafetensorsError('SAFETENSORS.DUPLICATE_NAME', `the header repeats a name: ${cause.message}`, {
        cause,
      });
    }
    throw new SafetensorsError('SAFETENSORS.HEADER_NOT_JSON', 'expected the header to be a JSON object', { cause });
  }
  throw new SafetensorsError('SAFETENSORS.HEADER_NOT_JSON', 'expected the header to be a JSON object');
}

function checkTiling(entries: readonly SafetensorsEntry[], dataBytes: number): void {
  let covered = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== covered) {
      const [code, what] =
        begin < covered ? ['OVERLAP', 'overlaps the one before'] : ['HOLE', 'leaves a hole before it'];
      throw new SafetensorsError(
        `SAFETENSORS.${code}`,
        `tensor ${quoted(name)} ${what}: expected it to begin at byte ${covered} of the data, got ${begin}`,
      );
    }
    covered = end;
  }
  if (covered !== dataBytes) {
    throw new SafetensorsError(
      'SAFETENSORS.TRAILING_BYTES',
      `expected the data to end at byte ${covered}, got ${dataBytes - covered} bytes more`,
    );
  }
}

function parseMetadata(value: unknown): Readonly<Record<string, string>> {
  if (isRecord(value) && Object.values(value).every((item) => typeof item === 'string')) {
    return value as Readonly<Record<string, string>>;
  }
  throw new SafetensorsError('SAFETENSORS.BAD_METADATA', 'expected "__metadata__" to be an object of texts');
}
