import { type Ed25519Verifier, verifyEd25519 } from '../identity/ed25519';
import { type Signer } from '../identity/identity';
import { sameTreeHead, type SignedCheckpoint, type TreeHead, verifyCheckpoint } from './checkpoint';
import { cosign } from './cosignature';
import { equalBytes } from '../encoding/bytes';
import { emptyRoot } from './merkle-hash';
import { type NoteKey } from './note-key';
import { verifyConsistency } from './proof';
import { type NoteSignature } from './signed-note';

/** Why a witness withholds its signature. */
export type WitnessRefusal = 'bad-signature' | 'rolled-back' | 'forked' | 'inconsistent';

export type WitnessAnswer =
  { readonly accepted: true; readonly head: TreeHead } | { readonly accepted: false; readonly refusal: WitnessRefusal };

export interface WitnessQuestion {
  /** The log's key as this party pinned it. */
  readonly logKey: NoteKey;
  /** The last head that this party accepted of the log; `undefined` before the first. */
  readonly trusted: TreeHead | undefined;
  /** What the log shows now. */
  readonly checkpoint: SignedCheckpoint;
  /** Proof that `checkpoint` continues `trusted`; empty before the first and when the size is the same. */
  readonly proof: readonly Uint8Array[];
  readonly verify?: Ed25519Verifier;
}

/**
 * Whether a checkpoint may follow what this party has seen: signed by the pinned key, not smaller, not another tree of the
 * same size, and a continuation by proof. Every node asks this before it trusts a new head, whether it cosigns or not.
 */
export function judgeCheckpoint(question: WitnessQuestion): WitnessAnswer {
  const { logKey, trusted, checkpoint, proof, verify = verifyEd25519 } = question;
  const refuse = (refusal: WitnessRefusal): WitnessAnswer => ({ accepted: false, refusal });
  if (!verifyCheckpoint(checkpoint, logKey, verify)) return refuse('bad-signature');
  const head = { size: checkpoint.size, root: checkpoint.root };
  const old = trusted ?? { size: 0, root: emptyRoot() };
  if (head.size < old.size) return refuse('rolled-back');
  if (head.size === old.size) return sameTreeHead(head, old) ? { accepted: true, head } : refuse('forked');
  if (old.size === 0 && !equalBytes(old.root, emptyRoot())) return refuse('forked');
  const claim = { oldSize: old.size, oldRoot: old.root, newSize: head.size, newRoot: head.root };
  return verifyConsistency(claim, proof) ? { accepted: true, head } : refuse('inconsistent');
}

export type WitnessedAnswer =
  | { readonly accepted: true; readonly head: TreeHead; readonly cosignature: NoteSignature }
  | { readonly accepted: false; readonly refusal: WitnessRefusal };

/**
 * Judges a checkpoint and, if it holds, cosigns it. Store `head` durably before the cosignature leaves: a witness that
 * forgets what it has signed can be shown a fork.
 */
export function witnessCheckpoint(question: WitnessQuestion, witness: Signer, timeSeconds: number): WitnessedAnswer {
  const answer = judgeCheckpoint(question);
  if (!answer.accepted) return answer;
  return { ...answer, cosignature: cosign(question.checkpoint, witness, timeSeconds) };
}
