import { concatBytes, uint64BigEndian, utf8 } from '../encoding/bytes';
import { LedgerError } from '../crypto.errors';
import { ed25519SignatureLength, type Ed25519Verifier, verifyEd25519 } from '../identity/ed25519';
import { type Signer } from '../identity/identity';
import { type SignedCheckpoint } from './checkpoint';
import { type NoteKey, noteKeyOf } from './note-key';
import { type NoteSignature, noteStatus, type NoteStatus } from './signed-note';

const timestampLength = 8;

/**
 * A witness's statement that, at a time, this was the largest checkpoint it had seen of the log and that it continued
 * every earlier one (c2sp.org/tlog-cosignature, cosignature/v1). Make it through `witnessCheckpoint`, which checks first.
 *
 * @param timeSeconds POSIX time
 */
export function cosign(checkpoint: SignedCheckpoint, witness: Signer, timeSeconds: number): NoteSignature {
  if (!Number.isSafeInteger(timeSeconds) || timeSeconds <= 0) {
    throw new LedgerError('LEDGER.TIME', `time: expected whole seconds since 1970, got ${timeSeconds}`);
  }
  const key = noteKeyOf(witness.public, 'witness');
  const signature = witness.sign(cosignedMessage(utf8(checkpoint.note.text), timeSeconds));
  return { name: key.name, id: key.id, signature: concatBytes(uint64BigEndian(timeSeconds), signature) };
}

/** The same checkpoint with one more signature line; an older line of the same key is replaced. */
export function withSignature(checkpoint: SignedCheckpoint, signature: NoteSignature): SignedCheckpoint {
  const others = checkpoint.note.signatures.filter((line) => line.name !== signature.name || line.id !== signature.id);
  return { ...checkpoint, note: { text: checkpoint.note.text, signatures: [...others, signature] } };
}

/** Whether the witness that owns `key` cosigned this checkpoint. */
export function cosignatureStatus(
  checkpoint: SignedCheckpoint,
  key: NoteKey,
  verify: Ed25519Verifier = verifyEd25519,
): NoteStatus {
  if (key.type !== 'witness') return 'absent';
  return noteStatus(checkpoint.note, key, (text, bytes) => {
    const time = timestampOf(bytes);
    return time !== undefined && verify(cosignedMessage(text, time), bytes.subarray(timestampLength), key.publicKey);
  });
}

/** POSIX time of the witness's cosignature; `undefined` when the checkpoint has no well-formed one of this key. */
export function cosignatureTime(checkpoint: SignedCheckpoint, key: NoteKey): number | undefined {
  const line = checkpoint.note.signatures.find((each) => each.name === key.name && each.id === key.id);
  return line === undefined ? undefined : timestampOf(line.signature);
}

function timestampOf(bytes: Uint8Array): number | undefined {
  if (bytes.length !== timestampLength + ed25519SignatureLength) return undefined;
  const time = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  return Number.isSafeInteger(time) && time > 0 ? time : undefined;
}

function cosignedMessage(text: Uint8Array, timeSeconds: number): Uint8Array {
  return concatBytes(utf8(`cosignature/v1\ntime ${timeSeconds}\n`), text);
}
