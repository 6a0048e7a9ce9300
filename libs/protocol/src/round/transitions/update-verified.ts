import { startAggregation, verdict } from '../closing';
import { withUpdate } from '../collection';
import { type RoundEffect } from '../round-effects';
import { type RoundState } from '../round-state';
import { type EventOf, on, refuse, type Transition } from '../transition';

type Update = EventOf<'update-verified'>;

function accept(state: RoundState, { siteId, blobHash }: Update): RoundState {
  return withUpdate(state, siteId, blobHash);
}

function acknowledge({ siteId, blobHash }: Update, duplicate: boolean): RoundEffect {
  return { type: 'acknowledge-update', siteId, blobHash, duplicate };
}

export const updateVerifiedTransitions: readonly Transition[] = [
  refuse('update-verified', { from: ['planned'], when: 'always', code: 'ROUND.NOT_OPEN' }),
  refuse('update-verified', { from: ['failed', 'cancelled'], when: 'always', code: 'ROUND.CLOSED' }),
  refuse('update-verified', {
    from: ['collecting', 'aggregating', 'completed'],
    when: 'it is for another attempt',
    code: 'ROUND.WRONG_ATTEMPT',
    test: (state, { attempt }) => attempt !== state.attempt,
  }),
  refuse('update-verified', {
    from: ['collecting', 'aggregating', 'completed'],
    when: 'the site was revoked',
    code: 'ROUND.SITE_REVOKED',
    test: (state, { siteId }) => state.revoked.has(siteId),
  }),
  refuse('update-verified', {
    from: ['collecting', 'aggregating', 'completed'],
    when: 'the site is not invited',
    code: 'ROUND.NOT_INVITED',
    test: (state, { siteId }) => !state.invited.includes(siteId),
  }),
  on('update-verified', {
    from: ['collecting', 'aggregating', 'completed'],
    when: 'this very update was accepted before (an acknowledgement got lost)',
    to: 'same',
    effects: ['acknowledge-update'],
    test: (state, { siteId, blobHash }) => state.collection.accepted.get(siteId) === blobHash,
    apply: (state, event) => ({ state, effects: [acknowledge(event, true)] }),
  }),
  refuse('update-verified', {
    from: ['collecting', 'aggregating', 'completed'],
    when: 'another update of the site was accepted before',
    code: 'ROUND.UPDATE_CONFLICT',
    test: (state, { siteId }) => state.collection.accepted.has(siteId),
  }),
  refuse('update-verified', {
    from: ['aggregating', 'completed'],
    when: 'otherwise: the set is fixed',
    code: 'ROUND.CLOSED',
  }),
  refuse('update-verified', {
    from: ['collecting'],
    when: 'the site withdrew from this attempt',
    code: 'ROUND.SITE_WITHDREW',
    test: (state, { siteId }) => state.withdrawn.has(siteId),
  }),
  on('update-verified', {
    from: ['collecting'],
    when: 'with it the quorum is reached, or no site is outstanding',
    to: 'aggregating',
    effects: ['acknowledge-update', 'start-aggregation'],
    test: (state, event) => verdict(accept(state, event)) === 'close',
    apply: (state, event) => {
      const { state: next, effects } = startAggregation(accept(state, event));
      return { state: next, effects: [acknowledge(event, false), ...effects] };
    },
  }),
  on('update-verified', {
    from: ['collecting'],
    when: 'otherwise',
    to: 'same',
    effects: ['acknowledge-update'],
    test: () => true,
    apply: (state, event) => ({ state: accept(state, event), effects: [acknowledge(event, false)] }),
  }),
];
