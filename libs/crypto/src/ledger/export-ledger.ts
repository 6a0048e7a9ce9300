import { utf8 } from '../encoding/bytes';
import { LedgerError } from '../crypto.errors';
import { toHex } from '../encoding/hex';
import { createSha256, type StreamingHash } from '../hash/sha256';
import { parseCheckpoint } from './checkpoint';
import { type ExportLine, formatExportLine } from './export-format';
import { type LedgerStore } from './ledger-store';

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
  const write = (line: ExportLine): Uint8Array => {
    const bytes = utf8(formatExportLine(line));
    hash.update(bytes);
    return bytes;
  };
  yield write({ kind: 'header', origin: parseCheckpoint(latest.note).origin });
  let entries = 0;
  let checkpoints = 0;
  for await (const { size, note, cosignatures } of store.checkpoints()) {
    if (size > latest.size) break; // Signed while this export ran; its own export will have it.
    for await (const entry of store.entries(entries, size)) yield write({ kind: 'entry', index: entries++, entry });
    yield write({ kind: 'checkpoint', note: note + cosignatures.join('') });
    checkpoints++;
  }
  yield utf8(formatExportLine({ kind: 'end', entries, checkpoints, sha256: toHex(hash.digest()) }));
}
