import { concatBytes, utf8 } from '../encoding/bytes';
import { EncodingError, LedgerError } from '../crypto.errors';
import { fromBase64, toBase64 } from '../encoding/base64';
import { fromHex, toHex } from '../encoding/hex';
import { isNoteKeyName, type NoteKey } from './note-key';

/** One signature line. `id` and `name` say which key made it; what `signature` holds depends on the key's type. */
export interface NoteSignature {
  readonly name: string;
  /** Key id, 8 hexadecimal digits. */
  readonly id: string;
  readonly signature: Uint8Array;
}

/** A text and the signatures under it (c2sp.org/signed-note). */
export interface SignedNote {
  /** Ends in a line feed; that line feed is signed, the blank line after it is not. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Bounds what a note from outside may cost to read. */
export const maximumNoteLength = 65_536;
export const maximumNoteSignatures = 128;

const lineStart = '\u2014 ';

/** The note as text, with a line for each signature. */
export function formatSignedNote(note: SignedNote): string {
  return `${note.text}\n${note.signatures.map(formatSignatureLine).join('')}`;
}

export function formatSignatureLine(signature: NoteSignature): string {
  const bytes = concatBytes(fromHex(signature.id), signature.signature);
  return `${lineStart}${signature.name} ${toBase64(bytes)}\n`;
}

/** @throws LedgerError `LEDGER.NOTE` when the text is not a note; signatures are not looked at */
export function parseSignedNote(source: string): SignedNote {
  if (source.length > maximumNoteLength) throw noteError('note', `at most ${maximumNoteLength} characters`);
  // Control characters, and surrogates that UTF-8 cannot carry, could make two readers see two texts.
  if (/(?!\n)[\p{Cc}\p{Cs}]/u.test(source)) throw noteError('note', 'text without control characters');
  const blank = source.lastIndexOf('\n\n');
  if (blank < 1) throw noteError('note', 'a text, a blank line and signature lines');
  const lines = source.slice(blank + 2).split('\n');
  if (lines.pop() !== '') throw noteError('note', 'a line feed at the end');
  if (lines.length === 0 || lines.length > maximumNoteSignatures) {
    throw noteError('note.signatures', `1 to ${maximumNoteSignatures} signature lines`);
  }
  return { text: source.slice(0, blank + 1), signatures: lines.map(parseSignatureLine) };
}

/** One signature line, without or with its line feed. @throws LedgerError `LEDGER.NOTE` */
export function parseSignatureLine(line: string, at = 0): NoteSignature {
  const field = `note.signatures[${at}]`;
  const [, name = '', encoded = ''] = /^\u2014 (\S+) (\S+)\n?$/u.exec(line) ?? [];
  if (!isNoteKeyName(name)) throw noteError(field, 'an em dash, a key name and base64, with single spaces between');
  try {
    const bytes = fromBase64(encoded, { field });
    if (bytes.length < 5) throw noteError(field, 'a key id of 4 bytes and a signature');
    return { name, id: toHex(bytes.subarray(0, 4)), signature: bytes.slice(4) };
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    throw new LedgerError('LEDGER.NOTE', cause.message, { cause, details: { field } });
  }
}

/** What a note says about one key. */
export type NoteStatus = 'valid' | 'invalid' | 'absent';

/** Checks one signature, as bytes, over a note's text. */
export type NoteSignatureCheck = (text: Uint8Array, signature: Uint8Array) => boolean;

/**
 * Whether the key signed the note: every line with its name and id must verify, as the specification asks; a line of a
 * key of the same name but another id is somebody else's.
 */
export function noteStatus(note: SignedNote, key: NoteKey, check: NoteSignatureCheck): NoteStatus {
  const own = note.signatures.filter((line) => line.name === key.name && line.id === key.id);
  if (own.length === 0) return 'absent';
  const text = utf8(note.text);
  return own.every((line) => check(text, line.signature)) ? 'valid' : 'invalid';
}

function noteError(field: string, expected: string): LedgerError {
  return new LedgerError('LEDGER.NOTE', `${field}: expected ${expected}`, { details: { field } });
}
