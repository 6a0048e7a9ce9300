import { type Blob, type RoundAttempt, type StoredRound, type Update, type Withdrawal } from '@fedistl/persistence';
import { isFinal, type RoundView } from '@fedistl/protocol';
import { type ModelHash, parseModelHash } from '@fedistl/core';

/** What stands around a round's state. */
export interface RoundParts {
  /** Every attempt of it, ascending. */
  readonly attempts: readonly RoundAttempt[];
  /** Of its present attempt. */
  readonly updates: readonly Update[];
  readonly withdrawals: readonly Withdrawal[];
  readonly blobs: ReadonlyMap<string, Pick<Blob, 'byteLength'>>;
  /** The moving average that came of it; null in generation 0 and before the end. */
  readonly averageHash: ModelHash | null;
}

/** A round as people see it. */
export function roundView(round: StoredRound, parts: RoundParts): RoundView {
  const { studyId, generation, round: number, state, updatedAt } = round;
  const [first] = parts.attempts;
  const latest = parts.attempts.at(-1);
  return {
    ...{ studyId, generation, round: number },
    attempt: state.attempt,
    phase: state.phase,
    openedAt: first?.issuedAt.toISOString() ?? null,
    deadlineAt: latest?.deadlineAt.toISOString() ?? null,
    closedAt: isFinal(state.phase) ? updatedAt.toISOString() : null,
    invited: [...state.invited],
    updates: parts.updates.map(({ siteId, receivedAt, blobHash, manifest }) => ({
      siteId,
      acceptedAt: receivedAt.toISOString(),
      byteLength: parts.blobs.get(blobHash)?.byteLength ?? manifest.payload.byteLength,
      counts: manifest.counts,
      statistics: manifest.statistics,
    })),
    withdrawn: parts.withdrawals.map(({ siteId, code, message }) => ({ siteId, code, message })),
    studentHash: state.result === null ? null : parseModelHash(state.result),
    teacherHash: parts.averageHash,
    reason: state.outcome === null ? null : { code: state.outcome, message: `the round is ${state.phase}` },
  };
}
