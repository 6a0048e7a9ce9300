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

/**
 * A line without its line feed; a text that says what was expected when it is not one. Anything but the one canonical
 * spelling is refused, so that no byte of a file can change unseen.
 */
export function parseExportLine(text: string): ExportLine | string {
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
  const record = value as Readonly<Record<string, unknown>>;
  const { format, origin, entry, index, checkpoint, end } = record;
  if (format === exportFormat && typeof origin === 'string') return { kind: 'header', origin };
  if (typeof entry === 'string' && isCount(index)) {
    const bytes = decode(entry);
    return bytes === undefined ? undefined : { kind: 'entry', index, entry: bytes };
  }
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
