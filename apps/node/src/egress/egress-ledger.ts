import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { canonicalJson } from '@fedistl/core';
import { readTextFile } from '@fedistl/core/node';
import { z } from 'zod';
import { NodeError } from '../node.errors';

/** What can leave a hospital. There is no class for an image, a label or a score of one image. */
export const EGRESS_CLASSES = {
  enrolment: "the site's name and public keys",
  session: 'signed answers to login challenges',
  heartbeat: 'that the node lives, what it is doing, and what its machine can do',
  progress: 'training step, loss and speed',
  participation: 'numbers of images by fold, for joining a study',
  'update-blob': "the change of the student's parameters and the mean of its outputs (centre)",
  'update-manifest': 'signed counts and means of a round',
  'evaluation-report': 'signed metrics of a model on the hold-out',
  withdrawal: 'why the site does not take part in a round, as a code and a fixed sentence',
} as const;

export type EgressClass = keyof typeof EGRESS_CLASSES;
const classSchema = z.enum(Object.keys(EGRESS_CLASSES) as [EgressClass, ...EgressClass[]]);

const roundOf = z.strictObject({
  studyId: z.string(),
  generation: z.int(),
  round: z.int().nullable(),
  attempt: z.int().nullable(),
});

const egressEntrySchema = z.strictObject({
  index: z.int().min(0),
  at: z.iso.datetime(),
  class: classSchema,
  /** Of the content, without the line's own overhead; 0 for classes that repeat, which are noted once a day. */
  bytes: z.int().min(0),
  /** SHA-256 of the content, null for classes that repeat. */
  hash: z.string().nullable(),
  purpose: z.string(),
  of: roundOf.nullable(),
  /** SHA-256 of the line before, 64 zeros for the first: a line that is changed or taken out breaks the chain. */
  previous: z.string().regex(/^[0-9a-f]{64}$/),
});

export type EgressEntry = z.infer<typeof egressEntrySchema>;

export interface Egress {
  readonly class: EgressClass;
  readonly bytes: number;
  readonly hash: string | null;
  readonly purpose: string;
  readonly of?: z.infer<typeof roundOf>;
}

const FIRST = '0'.repeat(64);

/** What left this hospital, in a file of hash-chained lines that only grows. Each line is on the disk before its bytes go. */
export class EgressLedger {
  readonly #entries: EgressEntry[];
  #head: string;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly file: string,
    entries: EgressEntry[],
    head: string,
    private readonly now: () => Date,
  ) {
    this.#entries = entries;
    this.#head = head;
  }

  /**
   * Reads and checks the whole chain. A last line without its end, as a power cut leaves it, was never acted upon and is cut off.
   *
   * @throws NodeError `NODE.EGRESS_BROKEN` with the line's number
   */
  static async open(file: string, now: () => Date = () => new Date()): Promise<EgressLedger> {
    const handle = await open(file, 'a+', 0o600);
    try {
      const text = await readTextFile(file, { maxBytes: 2 ** 30 });
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      if (whole.length < text.length) await handle.truncate(Buffer.byteLength(whole));
      const { entries, head } = verifyEgress(whole);
      return new EgressLedger(file, entries, head, now);
    } finally {
      await handle.close();
    }
  }

  get entries(): readonly EgressEntry[] {
    return this.#entries;
  }

  /** SHA-256 of the last line; a person who notes it down can tell later that nothing before it was changed. */
  get head(): string {
    return this.#head;
  }

  /** Writes a line and waits until the disk has it. What was recorded before with the same class, hash and round is not again. */
  record(egress: Egress): Promise<void> {
    const turn = this.#queue.then(() => this.#record(egress));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** For what leaves again and again: one line a day. */
  recordDaily(repeated: 'heartbeat' | 'progress' | 'session'): Promise<void> {
    const day = this.now().toISOString().slice(0, 10);
    const last = this.#entries.findLast((entry) => entry.class === repeated);
    if (last?.at.startsWith(day) === true) return Promise.resolve();
    return this.record({ class: repeated, bytes: 0, hash: null, purpose: `${EGRESS_CLASSES[repeated]}, on ${day}` });
  }

  async #record({ of, ...egress }: Egress): Promise<void> {
    const about = of ?? null;
    const isSame = (entry: EgressEntry): boolean =>
      entry.class === egress.class &&
      entry.hash === egress.hash &&
      entry.purpose === egress.purpose &&
      canonicalJson(entry.of) === canonicalJson(about);
    if (this.#entries.some(isSame)) return;
    const entry: EgressEntry = {
      index: this.#entries.length,
      at: this.now().toISOString(),
      ...egress,
      of: about,
      previous: this.#head,
    };
    const line = canonicalJson(entry);
    await appendDurably(this.file, `${line}\n`);
    this.#entries.push(entry);
    this.#head = hashOf(line);
  }
}

/** @throws NodeError `NODE.EGRESS_BROKEN` */
export function verifyEgress(text: string): { entries: EgressEntry[]; head: string } {
  const entries: EgressEntry[] = [];
  let head = FIRST;
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    const entry = egressEntrySchema.safeParse(jsonOrNull(line)).data;
    if (entry?.previous !== head || entry.index !== index || canonicalJson(entry) !== line) {
      throw new NodeError(
        'NODE.EGRESS_BROKEN',
        `line ${index + 1}: expected it to continue the chain, got another line`,
      );
    }
    entries.push(entry);
    head = hashOf(line);
  }
  return { entries, head };
}

function hashOf(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}

function jsonOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

async function appendDurably(file: string, text: string): Promise<void> {
  const handle: FileHandle = await open(file, 'a', 0o600);
  try {
    await handle.appendFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
