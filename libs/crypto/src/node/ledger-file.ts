import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { readTextFile } from '@fedistl/core/node';
import { LedgerError } from '../crypto.errors';
import { parseCheckpoint, type TreeHead, verifyCheckpoint } from '../ledger/checkpoint';
import { exportLedger } from '../ledger/export-ledger';
import { type LedgerStore } from '../ledger/ledger-store';
import { type NoteKey, parseNoteKey } from '../ledger/note-key';
import { type LedgerExpectation, type LedgerVerification, verifyLedgerExport } from '../ledger/verify-ledger-export';
import { verifyEd25519Native } from './native-ed25519';
import { createNativeSha256 } from './native-sha256';

/** Longest file of keys or of a checkpoint, in bytes; both are a few lines. */
const LONGEST_TEXT = 1 << 20;

/** Bytes read at a time. */
const chunkBytes = 1 << 18;

/**
 * Verifies an export in a file, with the native hash and signature check.
 *
 * @throws LedgerError `LEDGER.UNREADABLE`; what the file holds never throws but is found
 */
export async function verifyLedgerFile(
  path: string,
  expectation: Omit<LedgerExpectation, 'verify' | 'createHash'>,
): Promise<LedgerVerification> {
  // Asked first, so that what the stream throws later is a disk's error and not a wrong name.
  await readable(path, () => stat(path));
  const native = { ...expectation, verify: verifyEd25519Native, createHash: createNativeSha256 };
  return readable(path, () => verifyLedgerExport(createReadStream(path, { highWaterMark: chunkBytes }), native));
}

/**
 * Writes an export into a file, which appears whole or not at all and takes the place of an older one.
 *
 * @throws LedgerError `LEDGER.NO_CHECKPOINT` as `exportLedger`
 */
export async function writeLedgerFile(path: string, store: LedgerStore): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      for await (const chunk of exportLedger(store, createNativeSha256)) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Pinned keys, as a verifier key itself or the path of a file with one a line; empty lines and lines that start with # do
 * not count.
 *
 * @throws LedgerError `LEDGER.NOTE_KEY`, `LEDGER.UNREADABLE`
 */
export async function readNoteKeys(textOrPath: string): Promise<NoteKey[]> {
  if (/^[^+]+\+[0-9a-f]{8}\+/.test(textOrPath)) return [parseNoteKey(textOrPath)];
  const expected = 'a verifier key (NAME+8 hexadecimal digits+BASE64) or a readable file of them';
  const text = await readable(textOrPath, () => readTextFile(textOrPath, { maxBytes: LONGEST_TEXT }), expected);
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#')).map(parseNoteKey);
  if (keys.length > 0) return keys;
  throw new LedgerError('LEDGER.NOTE_KEY', `${textOrPath}: expected a verifier key on a line, got none`);
}

/**
 * A head that was kept, from the file of its checkpoint.
 *
 * @throws LedgerError `LEDGER.BAD_SIGNATURE` when none of the keys signed it: it would accuse the wrong log
 */
export async function readKnownHead(path: string, logKeys: readonly NoteKey[]): Promise<TreeHead> {
  const checkpoint = parseCheckpoint(await readable(path, () => readTextFile(path, { maxBytes: LONGEST_TEXT })));
  if (logKeys.some((key) => verifyCheckpoint(checkpoint, key, verifyEd25519Native))) {
    return { size: checkpoint.size, root: checkpoint.root };
  }
  throw new LedgerError('LEDGER.BAD_SIGNATURE', `${path}: expected a checkpoint signed by the pinned key, got another`);
}

async function readable<T>(path: string, read: () => Promise<T>, expected = 'a readable file'): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new LedgerError('LEDGER.UNREADABLE', `${path}: expected ${expected}, got ${String(cause)}`, { cause });
  }
}
