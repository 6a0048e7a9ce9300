import { type RoundState } from '../round-state';
import { type EventOf, on, refuse, type Transition } from '../transition';

/** Sites of the new attempt: each once, ascending, without those revoked. */
function invite(state: RoundState, { sites }: EventOf<'open-attempt'>): RoundState['invited'] {
  return [...new Set(sites)].filter((site) => !state.revoked.has(site)).sort();
}

export const openAttemptTransitions: readonly Transition[] = [
  refuse('open-attempt', {
    from: ['planned'],
    when: 'its attempt is not the next one',
    code: 'ROUND.WRONG_ATTEMPT',
    test: (state, { attempt }) => attempt !== state.attempt + 1,
  }),
  refuse('open-attempt', {
    from: ['planned'],
    when: 'it invites fewer than minimumSites sites (revoked ones do not count)',
    code: 'ROUND.TOO_FEW_SITES',
    test: (state, event) => invite(state, event).length < state.rules.minimumSites,
  }),
  on('open-attempt', {
    from: ['planned'],
    when: 'otherwise',
    to: 'collecting',
    effects: ['publish-manifest', 'wake-at'],
    test: () => true,
    apply: (state, event) => {
      const { attempt, deadlineAtMs } = event;
      const sites = invite(state, event);
      return {
        state: {
          ...state,
          phase: 'collecting',
          attempt,
          deadlineAtMs,
          invited: sites,
          withdrawn: new Set(),
          collection: { mode: state.mode, accepted: new Map() },
        },
        effects: [
          { type: 'publish-manifest', attempt, sites, deadlineAtMs },
          { type: 'wake-at', attempt, atMs: deadlineAtMs },
        ],
      };
    },
  }),
  refuse('open-attempt', {
    from: ['collecting', 'aggregating'],
    when: 'always: one attempt at a time',
    code: 'ROUND.WRONG_ATTEMPT',
  }),
  refuse('open-attempt', { from: ['completed', 'failed', 'cancelled'], when: 'always', code: 'ROUND.CLOSED' }),
];
