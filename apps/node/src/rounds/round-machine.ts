import { canonicalJson, assertNever } from '@fedistl/core';
import { type Envelope } from '@fedistl/crypto';
import { type RoundManifest } from '@fedistl/protocol';
import { isOver, type Reason, type RoundPosition, type TrainedUpdate } from './round-position';

/** Training processes that may die in one attempt before the site withdraws. */
export const MOST_CRASHES = 3;

/** What has to be done next. */
export type RoundStep = 'download' | 'train' | 'sign' | 'upload' | 'submit' | 'send-withdrawal';

/** What happened. */
export type RoundEvent =
  | { readonly type: 'downloaded' }
  | { readonly type: 'crashed' }
  | { readonly type: 'trained'; readonly update: TrainedUpdate }
  | { readonly type: 'signed'; readonly envelope: Envelope }
  | { readonly type: 'uploaded' }
  | { readonly type: 'submitted' }
  /** The coordinator no longer has the blob that it took. */
  | { readonly type: 'blob-lost' }
  | { readonly type: 'refused'; readonly reason: Reason }
  | { readonly type: 'withdraw'; readonly reasons: readonly Reason[] }
  | { readonly type: 'withdrawal-sent' }
  | { readonly type: 'closed'; readonly reason: Reason };

/** The step that a position asks for; null when the attempt is over. */
export function nextStep({ stage }: RoundPosition): RoundStep | null {
  switch (stage) {
    case 'accepted':
      return 'download';
    case 'downloaded':
      return 'train';
    case 'trained':
      return 'sign';
    case 'signed':
      return 'upload';
    case 'uploaded':
      return 'submit';
    case 'withdrawing':
      return 'send-withdrawal';
    case 'submitted':
    case 'withdrawn':
    case 'refused':
    case 'closed':
      return null;
    default:
      return assertNever(stage);
  }
}

export interface Received {
  readonly position: RoundPosition;
  /** What an earlier attempt trained is of another base and of no use. */
  readonly discard: boolean;
}

/**
 * The position after a manifest was received and allowed; null when it changes nothing: it is this attempt's or an older one's.
 * A new attempt with the same plan and base keeps what was trained, to be signed again.
 */
export function receiveManifest(previous: RoundPosition | null, manifest: RoundManifest, now: Date): Received | null {
  const fresh: RoundPosition = {
    format: 'fedistl-node-round/1',
    manifest,
    stage: 'accepted',
    crashes: 0,
    update: null,
    envelope: null,
    reasons: [],
    updatedAt: now.toISOString(),
  };
  if (previous === null) return { position: fresh, discard: false };
  if (manifest.attempt <= previous.manifest.attempt) return null;
  if (baseOf(previous.manifest) !== baseOf(manifest)) return { position: fresh, discard: true };
  if (previous.update !== null) {
    return { position: { ...fresh, stage: 'trained', update: previous.update }, discard: false };
  }
  const stage = previous.stage === 'downloaded' ? 'downloaded' : 'accepted';
  return { position: { ...fresh, stage }, discard: false };
}

/** Everything that training depends on. */
function baseOf({ planHash, teacherHash, studentHash, centreHash, layoutHash }: RoundManifest): string {
  return canonicalJson({ planHash, teacherHash, studentHash, centreHash, layoutHash });
}

/** The position after an event; the same object when the event does not fit, as one that comes late. */
export function stepPosition(position: RoundPosition, event: RoundEvent, now: Date): RoundPosition {
  const changed = changes(position, event);
  return changed === null ? position : { ...position, ...changed, updatedAt: now.toISOString() };
}

function changes(position: RoundPosition, event: RoundEvent): Partial<RoundPosition> | null {
  const { stage } = position;
  switch (event.type) {
    case 'downloaded':
      return stage === 'accepted' ? { stage: 'downloaded' } : null;
    case 'crashed':
      return stage === 'downloaded' ? crashed(position.crashes + 1) : null;
    case 'trained':
      return stage === 'downloaded' ? { stage: 'trained', update: event.update } : null;
    case 'signed':
      return stage === 'trained' ? { stage: 'signed', envelope: event.envelope } : null;
    case 'uploaded':
      return stage === 'signed' ? { stage: 'uploaded' } : null;
    case 'submitted':
      return stage === 'uploaded' ? { stage: 'submitted' } : null;
    case 'blob-lost':
      return stage === 'uploaded' ? { stage: 'signed' } : null;
    case 'refused':
      return isOver(stage) ? null : { stage: 'refused', reasons: [event.reason] };
    case 'withdraw':
      return isOver(stage) ? null : { stage: 'withdrawing', reasons: [...event.reasons] };
    case 'withdrawal-sent':
      return stage === 'withdrawing' ? { stage: 'withdrawn' } : null;
    case 'closed':
      return isOver(stage) ? null : { stage: 'closed', reasons: [event.reason] };
    default:
      return assertNever(event);
  }
}

function crashed(crashes: number): Partial<RoundPosition> {
  if (crashes < MOST_CRASHES) return { crashes };
  const message = `the training process ended ${crashes} times without a result`;
  return { crashes, stage: 'withdrawing', reasons: [{ code: 'NODE.TRAINING_CRASHED', message }] };
}
