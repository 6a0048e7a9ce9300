import { failure, giveUp, retry } from '../closing';
import { type RoundState } from '../round-state';
import { ignore, on, refuse, type Transition } from '../transition';

const notAggregating = ['planned', 'collecting', 'completed', 'failed', 'cancelled'] as const;

function isStale(state: RoundState, event: { readonly attempt: number; readonly aggregation: number }): boolean {
  return event.attempt !== state.attempt || event.aggregation !== state.aggregation;
}

export const aggregationEndedTransitions: readonly Transition[] = [
  refuse('aggregated', { from: notAggregating, when: 'always', code: 'ROUND.STALE_RESULT' }),
  refuse('aggregated', {
    from: ['aggregating'],
    when: 'it is of another attempt, or was started before a revocation',
    code: 'ROUND.STALE_RESULT',
    test: isStale,
  }),
  on('aggregated', {
    from: ['aggregating'],
    when: 'otherwise',
    to: 'completed',
    effects: ['announce-completed'],
    test: () => true,
    apply: (state, { studentHash }) => ({
      state: { ...state, phase: 'completed', result: studentHash },
      effects: [{ type: 'announce-completed', studentHash }],
    }),
  }),
  refuse('aggregation-failed', { from: notAggregating, when: 'always', code: 'ROUND.STALE_RESULT' }),
  refuse('aggregation-failed', {
    from: ['aggregating'],
    when: 'it is of another attempt, or was started before a revocation',
    code: 'ROUND.STALE_RESULT',
    test: isStale,
  }),
  on('aggregation-failed', {
    from: ['aggregating'],
    when: 'attempts are left',
    to: 'planned',
    effects: ['plan-attempt'],
    test: (state) => failure(state) === 'retry',
    apply: (state, { code }) => retry(state, code),
  }),
  on('aggregation-failed', {
    from: ['aggregating'],
    when: 'no attempt is left',
    to: 'failed',
    effects: ['announce-failed'],
    test: () => true,
    apply: (state, { code }) => giveUp(state, code),
  }),
];

export const cancelledTransitions: readonly Transition[] = [
  ignore('cancelled', { from: ['completed', 'failed', 'cancelled'], when: 'always: the round is over' }),
  on('cancelled', {
    from: ['planned', 'collecting', 'aggregating'],
    when: 'always',
    to: 'cancelled',
    effects: ['announce-cancelled'],
    test: () => true,
    apply: (state, { code }) => ({
      state: { ...state, phase: 'cancelled', outcome: code },
      effects: [{ type: 'announce-cancelled', code }],
    }),
  }),
];
