import { LedgerError } from '../crypto.errors';
import { equalBytes } from '../encoding/bytes';
import { toHex } from '../encoding/hex';
import { type Ed25519Verifier } from '../identity/ed25519';
import { type SignedCheckpoint, checkpointStatus, parseCheckpoint, type TreeHead } from './checkpoint';
import { CompactRange } from './compact-range';
import { cosignatureStatus } from './cosignature';
import { type ExportLine } from './export-format';
import { type LedgerFinding, type LedgerFindingCode } from './ledger-finding';
import { hashLeaf } from './merkle-hash';
import { type NoteKey } from './note-key';

export interface ReplayTrust {
  readonly logKeys: readonly NoteKey[];
  readonly witnesses?: readonly NoteKey[];
  readonly quorum?: number;
  readonly known?: readonly TreeHead[];
  readonly verify: Ed25519Verifier;
  readonly onEntry?: (entry: Uint8Array, index: number) => void;
}

/** What an export holds, as far as it could be read. */
export interface LedgerSummary {
  /** Name of the log in the header. */
  readonly origin: string | undefined;
  readonly entries: number;
  readonly checkpoints: number;
  /** The last head with the log's signature. */
  readonly signedHead: TreeHead | undefined;
  /** Names of the pinned witnesses that cosigned it. */
  readonly witnesses: readonly string[];
}

/** Findings kept; a broken file may have one a line. */
const maximumFindings = 100;

/** A head that was signed or is trusted, waiting for the entries to reach its size. */
interface ExpectedHead extends TreeHead {
  readonly line: number;
  readonly known: boolean;
}

/** The state of a verification: feeds on the lines of an export, one by one, and collects findings. */
export class ExportReplay {
  readonly findings: LedgerFinding[] = [];
  readonly #trust: ReplayTrust;
  readonly #range = new CompactRange();
  /** Heads of sizes still to come. */
  #expected: ExpectedHead[];
  /** Roots by size, wherever a checkpoint or a known head asked for one: of the entries, and as the log signed them. */
  readonly #roots = new Map<number, { actual?: Uint8Array; signed?: Uint8Array }>();
  readonly #knownMismatches: ExpectedHead[] = [];
  #origin: string | undefined;
  #nextIndex = 0;
  #checkpoints = 0;
  #signed: SignedCheckpoint | undefined;
  /** Witnesses of `#signed` by their key: a key counts once, whatever names it is pinned under. */
  readonly #cosigners = new Map<string, string>();
  #ended = false;

  constructor(trust: ReplayTrust) {
    this.#trust = trust;
    this.#expected = (trust.known ?? []).map(({ size, root }) => ({ size, root, line: 0, known: true }));
    this.#meetExpected();
  }

  find(code: LedgerFindingCode, line: number, message: string): void {
    if (this.findings.length < maximumFindings) this.findings.push({ code, message, line });
  }

  /** @param sha256 digest of all lines before this one */
  accept(line: ExportLine, at: number, sha256: () => string): void {
    if (this.#ended) {
      this.find('LEDGER.OUT_OF_ORDER', at, 'expected nothing after the end');
      return;
    }
    if ((at === 1) !== (line.kind === 'header')) {
      this.find('LEDGER.OUT_OF_ORDER', at, `expected the header as the first line and nowhere else, got ${line.kind}`);
    }
    switch (line.kind) {
      case 'header':
        this.#header(line.origin, at);
        break;
      case 'entry':
        this.#entry(line.entry, line.index, at);
        break;
      case 'checkpoint':
        this.#checkpoint(line.note, at);
        break;
      case 'end':
        this.#end(line, at, sha256());
        break;
    }
  }

  /** To be called once, after the last line. */
  finish(): LedgerSummary {
    const size = this.#range.size;
    if (!this.#ended) this.find('LEDGER.TRUNCATED', 0, 'expected an end line, got the end of the file');
    for (const head of this.#expected) {
      const whose = head.known ? 'as you saw it before' : 'as signed';
      this.find('LEDGER.TRUNCATED', head.line, `expected ${head.size} entries ${whose}, got ${size}`);
    }
    for (const head of this.#knownMismatches) {
      const resigned = this.#signed !== undefined && this.#signed.size >= head.size;
      const code = resigned ? 'LEDGER.FORKED' : 'LEDGER.REWRITTEN';
      this.find(code, 0, `expected the first ${head.size} entries as you saw them before, got others`);
    }
    const covered = this.#signed?.size;
    if (covered === undefined) this.find('LEDGER.UNSIGNED', 0, 'expected a signed checkpoint, got none');
    else if (covered < size) {
      this.find('LEDGER.UNSIGNED', 0, `expected a checkpoint over all ${size} entries, got one over ${covered}`);
    }
    const quorum = this.#trust.quorum ?? 0;
    if (this.#cosigners.size < quorum) {
      const message = `expected ${quorum} witnesses of the last checkpoint, got ${this.#cosigners.size}`;
      this.find('LEDGER.UNWITNESSED', 0, message);
    }
    const signedHead = this.#signed && { size: this.#signed.size, root: this.#signed.root };
    return {
      origin: this.#origin,
      entries: size,
      checkpoints: this.#checkpoints,
      signedHead,
      witnesses: [...this.#cosigners.values()],
    };
  }

  #header(origin: string, at: number): void {
    this.#origin = origin;
    if (this.#trust.logKeys.some((key) => key.name === origin)) return;
    const names = [...new Set(this.#trust.logKeys.map((key) => key.name))].join(', ');
    this.find('LEDGER.WRONG_LOG', at, `expected the ledger of ${names}, got that of ${JSON.stringify(origin)}`);
  }

  #entry(entry: Uint8Array, index: number, at: number): void {
    if (index !== this.#nextIndex) {
      this.find('LEDGER.OUT_OF_ORDER', at, `expected entry ${this.#nextIndex}, got ${index}`);
    }
    this.#nextIndex = index + 1; // One finding for one gap.
    this.#trust.onEntry?.(entry, this.#range.size);
    this.#range.append(hashLeaf(entry));
    this.#meetExpected();
  }

  #checkpoint(note: string, at: number): void {
    this.#checkpoints++;
    let checkpoint: SignedCheckpoint;
    try {
      checkpoint = parseCheckpoint(note);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      this.find('LEDGER.MALFORMED', at, error.message);
      return;
    }
    const { verify, logKeys } = this.#trust;
    const statuses = logKeys.map((key) => checkpointStatus(checkpoint, key, verify));
    if (statuses.includes('invalid') || !statuses.includes('valid')) {
      const got = statuses.includes('invalid') ? 'one that does not verify' : 'none';
      this.find('LEDGER.BAD_SIGNATURE', at, `expected a signature of the pinned log key, got ${got}`);
      return;
    }
    this.#signedCheckpoint(checkpoint, at);
  }

  #signedCheckpoint(checkpoint: SignedCheckpoint, at: number): void {
    const { size, root } = checkpoint;
    const earlier = this.#roots.get(size);
    if (earlier?.signed !== undefined) {
      if (equalBytes(earlier.signed, root)) {
        this.find('LEDGER.OUT_OF_ORDER', at, `expected one checkpoint of ${size} entries, got a second`);
      } else this.find('LEDGER.FORKED', at, `expected one tree of ${size} entries, got a second signed one`);
    } else if (size < this.#range.size) {
      this.find('LEDGER.OUT_OF_ORDER', at, `expected a checkpoint of ${this.#range.size} entries, got one of ${size}`);
      if (earlier?.actual !== undefined) this.#compare({ size, root, line: at, known: false }, earlier.actual);
    } else {
      if (size > this.#range.size) {
        this.find(
          'LEDGER.OUT_OF_ORDER',
          at,
          `expected ${size} entries before their checkpoint, got ${this.#range.size}`,
        );
      }
      this.#expected.push({ size, root, line: at, known: false });
      this.#meetExpected();
    }
    this.#roots.set(size, { ...this.#roots.get(size), signed: earlier?.signed ?? root });
    if (this.#signed === undefined || size >= this.#signed.size) {
      this.#signed = checkpoint;
      this.#cosigners.clear();
    }
    this.#cosignatures(checkpoint, at);
  }

  #cosignatures(checkpoint: SignedCheckpoint, at: number): void {
    for (const witness of this.#trust.witnesses ?? []) {
      const status = cosignatureStatus(checkpoint, witness, this.#trust.verify);
      if (status === 'invalid') {
        this.find(
          'LEDGER.BAD_COSIGNATURE',
          at,
          `expected the cosignature of ${witness.name}, got one that does not verify`,
        );
      } else if (status === 'valid' && checkpoint === this.#signed) {
        this.#cosigners.set(toHex(witness.publicKey), witness.name);
      }
    }
  }

  #end(end: Extract<ExportLine, { kind: 'end' }>, at: number, sha256: string): void {
    this.#ended = true;
    const size = this.#range.size;
    if (end.entries !== size) {
      const code = end.entries > size ? 'LEDGER.TRUNCATED' : 'LEDGER.OUT_OF_ORDER';
      this.find(code, at, `expected ${end.entries} entries as the end says, got ${size}`);
    }
    if (end.checkpoints !== this.#checkpoints) {
      const code = end.checkpoints > this.#checkpoints ? 'LEDGER.TRUNCATED' : 'LEDGER.OUT_OF_ORDER';
      this.find(code, at, `expected ${end.checkpoints} checkpoints as the end says, got ${this.#checkpoints}`);
    }
    if (end.sha256 !== sha256) {
      this.find('LEDGER.CHECKSUM', at, 'expected the file as it was written, got one that was changed or damaged');
    }
  }

  /** Holds every head of the present size against the entries. */
  #meetExpected(): void {
    if (!this.#expected.some((head) => head.size === this.#range.size)) return;
    const actual = this.#range.root();
    this.#roots.set(this.#range.size, { ...this.#roots.get(this.#range.size), actual });
    const due = this.#expected.filter((head) => head.size === this.#range.size);
    this.#expected = this.#expected.filter((head) => head.size !== this.#range.size);
    for (const head of due) this.#compare(head, actual);
  }

  #compare(head: ExpectedHead, actual: Uint8Array): void {
    if (equalBytes(head.root, actual)) return;
    if (head.known) this.#knownMismatches.push(head);
    else this.find('LEDGER.REWRITTEN', head.line, `expected the ${head.size} entries that were signed, got others`);
  }
}
