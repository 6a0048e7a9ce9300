import { utf8 } from '../encoding/bytes';
import { LedgerError } from '../crypto.errors';
import { toHex } from '../encoding/hex';
import { createSha256, type StreamingHash } from '../hash/sha256';
import { parseCheckpoint } from './checkpoint';
import { type ExportLine, formatExportLine } from './export-format';
import { type LedgerStore } from './ledger-store';

/** Least length of the pieces of an export but the last: a write or a network packet for each line would be slow. */
const pieceLength = 1 << 16;

/**
 * A whole ledger as one file, in pieces: header, entries in order with each checkpoint right after the last entry that it
 * covers, end. Entries after the last checkpoint are left out, for nobody has signed them: take a checkpoint first.
 *
 * @param createHash for the file's own checksum; on Node pass `createNativeSha256`
 * @throws LedgerError `LEDGER.NO_CHECKPOINT` when nothing was signed yet
 */
export async function* exportLedger(
  store: LedgerStore,
  createHash: () => StreamingHash = createSha256,
): AsyncGenerator<Uint8Array> {
  const latest = await store.latestCheckpoint();
  if (latest === undefined)
    throw new LedgerError('LEDGER.NO_CHECKPOINT', 'expected a signed ledger, got no checkpoint');
  const hash = createHash();
  let pending = '';
  const write = (line: ExportLine): void => {
    pending += formatExportLine(line);
  };
  const flush = (): Uint8Array => {
    const bytes = utf8(pending);
    pending = '';
    return bytes;
  };
  write({ kind: 'header', origin: parseCheckpoint(latest.note).origin });
  let entries = 0;
  let checkpoints = 0;
  for await (const { size, note, cosignatures } of store.checkpoints()) {
    if (size > latest.size) break; // Signed while this export ran; its own export will have it.
    for await (const entry of store.entries(entries, size)) {
      write({ kind: 'entry', index: entries++, entry });
      if (pending.length < pieceLength) continue;
      const piece = flush();
      hash.update(piece);
      yield piece;
    }
    write({ kind: 'checkpoint', note: note + cosignatures.join('') });
    checkpoints++;
  }
  const piece = flush();
  hash.update(piece);
  yield piece;
  yield utf8(formatExportLine({ kind: 'end', entries, checkpoints, sha256: toHex(hash.digest()) }));
}
