import { type RoundEffect } from './round-effects';
import { contributions, outstandingSites, type RoundState } from './round-state';
import { type Step } from './transition';

/**
 * What follows from the sites' answers so far:
 * - `wait`: keep collecting
 * - `close`: aggregate what is there
 * - `retry`: this attempt cannot reach `minimumSites` any more, another one may
 * - `give-up`: nor is there another attempt
 */
export type Verdict = 'wait' | 'close' | 'retry' | 'give-up';

/** Verdict on a collecting round. `late` says that its deadline has passed. */
export function verdict(state: RoundState, late = false): Verdict {
  const accepted = state.collection.accepted.size;
  const outstanding = outstandingSites(state).length;
  const { minimumSites, quorum } = state.rules;
  if (accepted >= quorum) return 'close';
  if (late || outstanding === 0) return accepted >= minimumSites ? 'close' : failure(state);
  return accepted + outstanding < minimumSites ? failure(state) : 'wait';
}

/** Whether a failed attempt is followed by another. */
export function failure(state: RoundState): 'retry' | 'give-up' {
  return state.attempt < state.rules.maximumAttempts ? 'retry' : 'give-up';
}

/** Fixes the set of updates and orders their aggregation. */
export function startAggregation(state: RoundState): Step {
  const aggregation = state.aggregation + 1;
  const effect: RoundEffect = {
    type: 'start-aggregation',
    attempt: state.attempt,
    aggregation,
    contributions: contributions(state),
  };
  return { state: { ...state, phase: 'aggregating', aggregation }, effects: [effect] };
}

/** Ends the attempt without a result and asks for the next one. Its updates are void; sites sign for the new attempt. */
export function retry(state: RoundState, code: string): Step {
  const next: RoundState = { ...state, phase: 'planned', collection: { mode: state.mode, accepted: new Map() } };
  return { state: next, effects: [{ type: 'plan-attempt', attempt: state.attempt + 1, code }] };
}

/** Ends the round without a result. */
export function giveUp(state: RoundState, code: string): Step {
  return { state: { ...state, phase: 'failed', outcome: code }, effects: [{ type: 'announce-failed', code }] };
}
