import { type Proposal, type Row } from '@fedistl/persistence';
import { type Answer, parseWith, proposedActionSchema, type ProposedAction } from '@fedistl/protocol';

export function actionOf({ subject }: Row<Proposal>): ProposedAction {
  return parseWith(proposedActionSchema, subject, 'stored proposal');
}

export function proposalView(proposal: Row<Proposal>): Answer<'propose'> {
  const { id, reason, state, proposedBy, proposedAt, decidedBy, decidedAt, decisionReason } = proposal;
  return {
    id,
    proposal: actionOf(proposal),
    reason,
    state,
    proposedBy,
    proposedAt: proposedAt.toISOString(),
    decidedBy,
    decidedAt: decidedAt?.toISOString() ?? null,
    decisionReason,
  };
}
