import { canonicalJson } from '@fedistl/core';
import { EncodingError } from '../crypto.errors';
import { fromBase64, toBase64 } from '../encoding/base64';

/** First line's format name; another number is another format. */
export const exportFormat = 'fedistl-ledger/1';

/**
 * A line of an export. The file is a sequence of lines, each canonical JSON (RFC 8785) and a line feed; docs/ledger.md.
 */
export type ExportLine =
  | { readonly kind: 'header'; readonly origin: string }
  | { readonly kind: 'entry'; readonly index: number; readonly entry: Uint8Array }
  | { readonly kind: 'checkpoint'; readonly note: string }
  | { readonly kind: 'end'; readonly entries: number; readonly checkpoints: number; readonly sha256: string };

export function formatExportLine(line: ExportLine): string {
  return `${canonicalJson(toJson(line))}\n`;
}

function toJson(line: ExportLine): unknown {
  switch (line.kind) {
    case 'header':
      return { format: exportFormat, origin: line.origin };
    case 'entry':
      return { entry: toBase64(line.entry), index: line.index };
    case 'checkpoint':
      return { checkpoint: line.note };
    case 'end':
      return { end: { checkpoints: line.checkpoints, entries: line.entries, sha256: line.sha256 } };
  }
}

/** The one spelling of an entry. Entries are nearly all of a file, so they are not sent through JSON and back. */
const entryPattern = /^\{"entry":"([A-Za-z0-9+/]*={0,2})","index":(0|[1-9][0-9]{0,15})\}$/;

/**
 * A line without its line feed; a text that says what was expected when it is not one. Anything but the one canonical
 * spelling is refused, so that no byte of a file can change unseen.
 */
export function parseExportLine(text: string): ExportLine | string {
  const [, encoded, index] = entryPattern.exec(text) ?? [];
  if (encoded !== undefined) {
    const entry = decode(encoded);
    return entry !== undefined && isCount(Number(index))
      ? { kind: 'entry', index: Number(index), entry }
      : 'an entry in base64';
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'JSON'; // The text is untrusted; that it is not JSON is the finding.
  }
  const line = fromJson(value);
  if (line === undefined) return 'a header, an entry, a checkpoint or an end';
  return formatExportLine(line) === `${text}\n` ? line : 'canonical JSON (RFC 8785) without other fields';
}

function fromJson(value: unknown): ExportLine | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { format, origin, checkpoint, end } = value as Readonly<Record<string, unknown>>;
  if (format === exportFormat && typeof origin === 'string') return { kind: 'header', origin };
  if (typeof checkpoint === 'string') return { kind: 'checkpoint', note: checkpoint };
  return typeof end === 'object' && end !== null ? endLine(end as Readonly<Record<string, unknown>>) : undefined;
}

function endLine(end: Readonly<Record<string, unknown>>): ExportLine | undefined {
  const { entries, checkpoints, sha256 } = end;
  if (!isCount(entries) || !isCount(checkpoints) || typeof sha256 !== 'string') return undefined;
  return { kind: 'end', entries, checkpoints, sha256 };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function decode(entry: string): Uint8Array | undefined {
  try {
    return fromBase64(entry);
  } catch (error) {
    if (error instanceof EncodingError) return undefined;
    throw error;
  }
}
