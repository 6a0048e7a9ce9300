import { ProtocolError } from '../protocol.errors';
import { type RoundEvent } from './round-events';
import { type RoundState } from './round-state';
import { type Step, type Transition } from './transition';
import { aggregationEndedTransitions, cancelledTransitions } from './transitions/aggregation-ended';
import { deadlinePassedTransitions } from './transitions/deadline-passed';
import { openAttemptTransitions } from './transitions/open-attempt';
import { siteRevokedTransitions, siteWithdrewTransitions } from './transitions/site-left';
import { updateVerifiedTransitions } from './transitions/update-verified';

/**
 * Every transition of a round in plain mode; the first that matches is taken. Secure aggregation brings its own rows for
 * `collecting` (its `Collection` has steps: keys, shares, masked input, consistency, unmask) and shares the others.
 */
export const roundTransitions: readonly Transition[] = [
  ...openAttemptTransitions,
  ...updateVerifiedTransitions,
  ...siteWithdrewTransitions,
  ...siteRevokedTransitions,
  ...deadlinePassedTransitions,
  ...aggregationEndedTransitions,
  ...cancelledTransitions,
];

/** Whether an event speaks of this round and no other. */
function isForeign({ key }: RoundState, event: RoundEvent): boolean {
  return key.studyId !== event.key.studyId || key.generation !== event.key.generation || key.round !== event.key.round;
}

/** The row that applies, or null for an event of another round. */
export function matchTransition(state: RoundState, event: RoundEvent): Transition | null {
  if (isForeign(state, event)) return null;
  const row = roundTransitions.find(
    (transition) =>
      transition.event === event.type && transition.from.includes(state.phase) && transition.test(state, event),
  );
  if (row === undefined) {
    throw new ProtocolError(
      'PROTOCOL.NO_TRANSITION',
      `expected a transition for ${event.type}, got phase ${state.phase}`,
    );
  }
  return row;
}

/**
 * The round after an event, and what the caller has to do. Pure and total: any event in any order, twice, late or of
 * another round gives a state and never throws; a refused event leaves the state as it was.
 */
export function stepRound(state: RoundState, event: RoundEvent): Step {
  const row = matchTransition(state, event);
  if (row === null) {
    const siteId = 'siteId' in event ? event.siteId : null;
    return { state, effects: [{ type: 'refuse', code: 'ROUND.FOREIGN_EVENT', siteId }] };
  }
  return row.apply(state, event);
}
