import { toHex } from '../encoding/hex';
import { type Ed25519Verifier, verifyEd25519 } from '../identity/ed25519';
import { createSha256, type StreamingHash } from '../hash/sha256';
import { type TreeHead } from './checkpoint';
import { parseExportLine } from './export-format';
import { ExportReplay, type LedgerSummary } from './export-replay';
import { type LedgerFinding } from './ledger-finding';
import { maximumEntryLength } from './ledger';
import { type NoteKey } from './note-key';
import { textLines } from './text-lines';

/** What the verifier knows from elsewhere. Nothing in the file is trusted. */
export interface LedgerExpectation {
  /** Keys of the log as pinned; several after a change of key. All of one name, the origin. */
  readonly logKeys: readonly NoteKey[];
  /** Keys of the sites that witness this log. */
  readonly witnesses?: readonly NoteKey[];
  /** How many of them must have cosigned the last checkpoint. Default: 0. */
  readonly quorum?: number;
  /** Heads that the verifier saw and trusts, from its own records: the export must continue each of them. */
  readonly known?: readonly TreeHead[];
  /** Another strict verifier; `verifyEd25519Native` of '@fedistl/crypto/node' takes a sixtieth of the time. */
  readonly verify?: Ed25519Verifier;
  readonly createHash?: () => StreamingHash;
  /** Sees each entry, for a caller that also reads what they say. */
  readonly onEntry?: (entry: Uint8Array, index: number) => void;
}

export interface LedgerVerification extends LedgerSummary {
  /** True when nothing was found. */
  readonly ok: boolean;
  readonly findings: readonly LedgerFinding[];
}

/** An entry in base64 with its frame. */
const maximumLineLength = Math.ceil((maximumEntryLength * 4) / 3) + 256;

/**
 * Replays an export without a network: recomputes the tree from the entries and holds every checkpoint, cosignature and
 * known head against it. Memory does not grow with the number of entries.
 *
 * Never throws for what the file holds; a failing `input` stream throws its own error.
 */
export async function verifyLedgerExport(
  input: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  expectation: LedgerExpectation,
): Promise<LedgerVerification> {
  const { verify = verifyEd25519, createHash = createSha256 } = expectation;
  const replay = new ExportReplay({ ...expectation, verify });
  const hash = createHash();
  let lineNumber = 0;
  let ended = false;
  for await (const { bytes, text, complete } of textLines(
    input instanceof Uint8Array ? [input] : input,
    maximumLineLength,
  )) {
    lineNumber++;
    if (!complete) {
      replay.find(
        'LEDGER.TRUNCATED',
        lineNumber,
        'expected a whole line, got one that the file ends in or that is too long',
      );
      break;
    }
    const line = text === undefined ? 'text in UTF-8' : parseExportLine(text);
    if (typeof line === 'string') replay.find('LEDGER.MALFORMED', lineNumber, `expected ${line}`);
    else replay.accept(line, lineNumber, () => toHex(hash.digest()));
    if (typeof line !== 'string' && line.kind === 'end') ended = true;
    if (!ended) hash.update(bytes);
  }
  const summary = replay.finish();
  return { ...summary, ok: replay.findings.length === 0, findings: replay.findings };
}
