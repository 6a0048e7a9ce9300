import { assertNever } from '@fedistl/core';
import { type Envelope } from '@fedistl/crypto';
import { envelopeSchema, evaluationOrderSchema, type EvaluationOrder } from '@fedistl/protocol';
import { z } from 'zod';
import { type Reason, reasonSchema } from '../rounds/round-position';
import { MOST_CRASHES } from '../rounds/round-machine';

/**
 * Where a node stands in an evaluation: `accepted`, `downloaded`, `signed` (the report is signed and kept), `submitted`.
 * `withdrawing`: the site will not or cannot, and has to say so; `withdrawn`. `refused`: the coordinator will not have it.
 * `closed`: it ended without this site.
 */
export const evaluationPositionSchema = z.strictObject({
  format: z.literal('fedistl-node-evaluation/1'),
  order: evaluationOrderSchema,
  stage: z.enum(['accepted', 'downloaded', 'signed', 'submitted', 'withdrawing', 'withdrawn', 'refused', 'closed']),
  crashes: z.int().min(0),
  /** The signed report; once here it is sent as it is. */
  envelope: envelopeSchema.nullable(),
  reasons: z.array(reasonSchema),
  updatedAt: z.iso.datetime(),
});

export type EvaluationPosition = z.infer<typeof evaluationPositionSchema>;
export type EvaluationStep = 'download' | 'measure' | 'submit' | 'send-withdrawal';

export type EvaluationEvent =
  | { readonly type: 'downloaded' }
  | { readonly type: 'crashed' }
  | { readonly type: 'signed'; readonly envelope: Envelope }
  | { readonly type: 'submitted' }
  | { readonly type: 'refused'; readonly reason: Reason }
  | { readonly type: 'withdraw'; readonly reasons: readonly Reason[] }
  | { readonly type: 'withdrawal-sent' }
  | { readonly type: 'closed'; readonly reason: Reason };

export function nextEvaluationStep({ stage }: EvaluationPosition): EvaluationStep | null {
  switch (stage) {
    case 'accepted':
      return 'download';
    case 'downloaded':
      return 'measure';
    case 'signed':
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

export function acceptOrder(order: EvaluationOrder, now: Date): EvaluationPosition {
  return {
    format: 'fedistl-node-evaluation/1',
    order,
    stage: 'accepted',
    crashes: 0,
    envelope: null,
    reasons: [],
    updatedAt: now.toISOString(),
  };
}

/** The position after an event; the same object when the event does not fit. */
export function stepEvaluation(position: EvaluationPosition, event: EvaluationEvent, now: Date): EvaluationPosition {
  const changed = changes(position, event);
  return changed === null ? position : { ...position, ...changed, updatedAt: now.toISOString() };
}

function changes(position: EvaluationPosition, event: EvaluationEvent): Partial<EvaluationPosition> | null {
  const { stage } = position;
  switch (event.type) {
    case 'downloaded':
      return stage === 'accepted' ? { stage: 'downloaded' } : null;
    case 'crashed':
      return stage === 'downloaded' ? crashed(position.crashes + 1) : null;
    case 'signed':
      return stage === 'downloaded' ? { stage: 'signed', envelope: event.envelope } : null;
    case 'submitted':
      return stage === 'signed' ? { stage: 'submitted' } : null;
    case 'refused':
      return nextEvaluationStep(position) === null ? null : { stage: 'refused', reasons: [event.reason] };
    case 'withdraw':
      return nextEvaluationStep(position) === null ? null : { stage: 'withdrawing', reasons: [...event.reasons] };
    case 'withdrawal-sent':
      return stage === 'withdrawing' ? { stage: 'withdrawn' } : null;
    case 'closed':
      return nextEvaluationStep(position) === null ? null : { stage: 'closed', reasons: [event.reason] };
    default:
      return assertNever(event);
  }
}

function crashed(crashes: number): Partial<EvaluationPosition> {
  if (crashes < MOST_CRASHES) return { crashes };
  const message = `the evaluation process ended ${crashes} times without a result`;
  return { crashes, stage: 'withdrawing', reasons: [{ code: 'NODE.TRAINING_CRASHED', message }] };
}
