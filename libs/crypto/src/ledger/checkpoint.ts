import { equalBytes, utf8 } from '../encoding/bytes';
import { EncodingError, LedgerError } from '../crypto.errors';
import { fromBase64, toBase64 } from '../encoding/base64';
import { type Ed25519Verifier, verifyEd25519 } from '../identity/ed25519';
import { type Signer } from '../identity/identity';
import { hashLength } from './merkle-hash';
import { isNoteKeyName, type NoteKey, noteKeyOf } from './note-key';
import { formatSignedNote, noteStatus, type NoteStatus, parseSignedNote, type SignedNote } from './signed-note';

/** A tree in one line: how many entries, and the hash over all of them. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** A tree head of a named log, as in c2sp.org/tlog-checkpoint. */
export interface Checkpoint extends TreeHead {
  /** The log's name, also its key name. */
  readonly origin: string;
}

/** A checkpoint together with the note that carries its signatures. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: SignedNote;
}

export function sameTreeHead(a: TreeHead, b: TreeHead): boolean {
  return a.size === b.size && equalBytes(a.root, b.root);
}

/** The text that is signed: origin, size and root on a line each. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${toBase64(checkpoint.root)}\n`;
}

/**
 * A checkpoint from the text of a signed note. Extension lines are refused: nothing in fedistl writes them, and an auditor
 * could not check them.
 *
 * @throws LedgerError `LEDGER.NOTE` when it is no note, `LEDGER.CHECKPOINT`, naming the line, when its text is no checkpoint
 */
export function parseCheckpoint(source: string): SignedCheckpoint {
  const note = parseSignedNote(source);
  const lines = note.text.split('\n');
  const [origin = '', size = '', root = ''] = lines;
  if (lines.length !== 4) throw checkpointError('lines', 'origin, size and root on one line each');
  if (!isNoteKeyName(origin)) throw checkpointError('origin', 'a name without spaces and plus signs');
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) {
    throw checkpointError('size', 'a decimal number below 2^53 without leading zeros');
  }
  try {
    return {
      origin,
      size: Number(size),
      root: fromBase64(root, { field: 'checkpoint.root', length: hashLength }),
      note,
    };
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    throw new LedgerError('LEDGER.CHECKPOINT', cause.message, { cause, details: { field: 'checkpoint.root' } });
  }
}

/** A checkpoint signed by the log, whose identity's name is the origin. */
export function signCheckpoint(head: TreeHead, log: Signer): SignedCheckpoint {
  const key = noteKeyOf(log.public, 'log');
  const checkpoint = { origin: key.name, size: head.size, root: head.root };
  const text = formatCheckpoint(checkpoint);
  const signature = { name: key.name, id: key.id, signature: log.sign(utf8(text)) };
  return { ...checkpoint, note: { text, signatures: [signature] } };
}

/** Whether the log that owns `key` signed this checkpoint, under the origin that is the key's name. */
export function checkpointStatus(
  checkpoint: SignedCheckpoint,
  key: NoteKey,
  verify: Ed25519Verifier = verifyEd25519,
): NoteStatus {
  if (key.type !== 'log' || checkpoint.origin !== key.name) return 'absent';
  return noteStatus(checkpoint.note, key, (text, signature) => verify(text, signature, key.publicKey));
}

/** True when the log's signature is there and right. */
export function verifyCheckpoint(
  checkpoint: SignedCheckpoint,
  key: NoteKey,
  verify: Ed25519Verifier = verifyEd25519,
): boolean {
  return checkpointStatus(checkpoint, key, verify) === 'valid';
}

/** The checkpoint as the text that is stored, sent and exported. */
export function checkpointText(checkpoint: SignedCheckpoint): string {
  return formatSignedNote(checkpoint.note);
}

function checkpointError(field: string, expected: string): LedgerError {
  return new LedgerError('LEDGER.CHECKPOINT', `checkpoint.${field}: expected ${expected}`, { details: { field } });
}
