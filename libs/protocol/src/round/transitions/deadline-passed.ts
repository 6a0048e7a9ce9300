import { giveUp, retry, startAggregation, verdict } from '../closing';
import { ignore, on, refuse, type Transition } from '../transition';

const missed = 'ROUND.DEADLINE_MISSED';

export const deadlinePassedTransitions: readonly Transition[] = [
  ignore('deadline-passed', {
    from: ['planned', 'aggregating', 'completed', 'failed', 'cancelled'],
    when: 'always: nothing is being collected',
  }),
  refuse('deadline-passed', {
    from: ['collecting'],
    when: 'it is for another attempt',
    code: 'ROUND.WRONG_ATTEMPT',
    test: (state, { attempt }) => attempt !== state.attempt,
  }),
  on('deadline-passed', {
    from: ['collecting'],
    when: 'the deadline is still to come (a clock was set back)',
    to: 'same',
    effects: ['wake-at'],
    test: (state, { nowMs }) => nowMs < state.deadlineAtMs,
    apply: (state) => ({ state, effects: [{ type: 'wake-at', attempt: state.attempt, atMs: state.deadlineAtMs }] }),
  }),
  on('deadline-passed', {
    from: ['collecting'],
    when: 'minimumSites updates are there',
    to: 'aggregating',
    effects: ['start-aggregation'],
    test: (state) => verdict(state, true) === 'close',
    apply: (state) => startAggregation(state),
  }),
  on('deadline-passed', {
    from: ['collecting'],
    when: 'too few updates are there, attempts are left',
    to: 'planned',
    effects: ['plan-attempt'],
    test: (state) => verdict(state, true) === 'retry',
    apply: (state) => retry(state, missed),
  }),
  on('deadline-passed', {
    from: ['collecting'],
    when: 'too few updates are there, no attempt is left',
    to: 'failed',
    effects: ['announce-failed'],
    test: () => true,
    apply: (state) => giveUp(state, missed),
  }),
];
