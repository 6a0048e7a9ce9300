import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fromBase64, toBase64 } from '../encoding/base64';
import { utf8 } from '../encoding/bytes';
import { sha256 } from '../hash/sha256';
import { ed25519KeyPair, signEd25519, verifyEd25519 } from '../identity/ed25519';
import { checkpointStatus, checkpointText, formatCheckpoint, parseCheckpoint } from './checkpoint';
import { cosignatureTime } from './cosignature';
import { createNoteKey, formatNoteKey, parseNoteKey } from './note-key';
import { formatSignatureLine, formatSignedNote, noteStatus, parseSignedNote } from './signed-note';

const file = path.join(__dirname, '../../../../test/vectors/signed-note.json');
const { sumdb, checkpoint } = JSON.parse(readFileSync(file, 'utf8')) as {
  sumdb: { verifierKey: string; signerKey: string; text: string; signatureLine: string };
  checkpoint: { origin: string; size: number; root: string; time: number; witness: string; note: string };
};

describe('c2sp.org/signed-note: the note of Go\u2019s sumdb/note', () => {
  const key = parseNoteKey(sumdb.verifierKey);
  const source = `${sumdb.text}\n${sumdb.signatureLine}`;
  const check = (text: Uint8Array, signature: Uint8Array) => verifyEd25519(text, signature, key.publicKey);

  it('verifier key', () => {
    expect(key).toMatchObject({ name: 'PeterNeumann', type: 'log', id: 'c74f20a3' });
    expect(formatNoteKey(key)).toBe(sumdb.verifierKey);
  });

  it('verifies, and not with a letter changed', () => {
    const note = parseSignedNote(source);
    expect(note.text).toBe(sumdb.text);
    expect(formatSignedNote(note)).toBe(source);
    expect(noteStatus(note, key, check)).toBe('valid');
    expect(noteStatus(parseSignedNote(source.replace('answer', 'Answer')), key, check)).toBe('invalid');
  });

  it('is what the signer key gives', () => {
    const seed = fromBase64(sumdb.signerKey).subarray(1);
    const pair = ed25519KeyPair(seed);
    expect(pair.publicKey).toEqual(key.publicKey);
    const signature = signEd25519(utf8(sumdb.text), pair.secretKey);
    expect(formatSignatureLine({ name: key.name, id: key.id, signature })).toBe(sumdb.signatureLine);
  });
});

describe('c2sp.org/tlog-checkpoint and tlog-cosignature: the example', () => {
  const parsed = parseCheckpoint(checkpoint.note);

  it('origin, size and root', () => {
    expect(parsed).toMatchObject({ origin: checkpoint.origin, size: checkpoint.size });
    expect(toBase64(parsed.root)).toBe(checkpoint.root);
    expect(parsed.note.text).toBe(formatCheckpoint(parsed));
    expect(checkpointText(parsed)).toBe(checkpoint.note);
  });

  it('frames of both signature lines', () => {
    const [log, witness] = parsed.note.signatures;
    expect(log).toMatchObject({ name: checkpoint.origin, signature: { length: 64 } });
    expect(witness).toMatchObject({ name: checkpoint.witness, signature: { length: 72 } });
    // The example gives no keys, so take the line for that of a key with its name and id to read its time.
    const { publicKey } = ed25519KeyPair(new Uint8Array(32));
    const key = { ...createNoteKey(checkpoint.witness, 'witness', publicKey), id: witness!.id };
    expect(cosignatureTime(parsed, key)).toBe(checkpoint.time);
    expect(checkpointStatus(parsed, { ...key, type: 'log', name: checkpoint.origin, id: log!.id })).toBe('invalid');
  });

  it('key ids by their definition', () => {
    const { publicKey } = ed25519KeyPair(new Uint8Array(32).fill(5));
    for (const [type, byte] of [
      ['log', 1],
      ['witness', 4],
    ] as const) {
      const hash = sha256(Buffer.concat([Buffer.from('example.com/x\n'), Buffer.from([byte]), publicKey]));
      expect(createNoteKey('example.com/x', type, publicKey).id).toBe(Buffer.from(hash.subarray(0, 4)).toString('hex'));
    }
  });
});
