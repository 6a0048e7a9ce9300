import { failure, giveUp, retry, startAggregation, verdict } from '../closing';
import { withoutSite, withWithdrawal } from '../collection';
import { type RoundState } from '../round-state';
import { type EventOf, ignore, on, refuse, type Transition } from '../transition';

type Leaving = 'site-withdrew' | 'site-revoked';

const tooFew = 'ROUND.TOO_FEW_SITES';

/** What a site's leaving means for a round that still collects: the same four ways for both reasons. */
function leavingWhileCollecting<T extends Leaving>(
  type: T,
  without: (state: RoundState, event: EventOf<T>) => RoundState,
): Transition[] {
  return [
    on(type, {
      from: ['collecting'],
      when: 'no other site is outstanding and minimumSites updates are there',
      to: 'aggregating',
      effects: ['start-aggregation'],
      test: (state, event) => verdict(without(state, event)) === 'close',
      apply: (state, event) => startAggregation(without(state, event)),
    }),
    on(type, {
      from: ['collecting'],
      when: 'minimumSites cannot be reached any more, attempts are left',
      to: 'planned',
      effects: ['plan-attempt'],
      test: (state, event) => verdict(without(state, event)) === 'retry',
      apply: (state, event) => retry(without(state, event), tooFew),
    }),
    on(type, {
      from: ['collecting'],
      when: 'minimumSites cannot be reached any more, no attempt is left',
      to: 'failed',
      effects: ['announce-failed'],
      test: (state, event) => verdict(without(state, event)) === 'give-up',
      apply: (state, event) => giveUp(without(state, event), tooFew),
    }),
    on(type, {
      from: ['collecting'],
      when: 'otherwise',
      to: 'same',
      effects: [],
      test: () => true,
      apply: (state, event) => ({ state: without(state, event), effects: [] }),
    }),
  ];
}

export const siteWithdrewTransitions: readonly Transition[] = [
  refuse('site-withdrew', { from: ['planned'], when: 'always', code: 'ROUND.NOT_OPEN' }),
  refuse('site-withdrew', {
    from: ['aggregating', 'completed', 'failed', 'cancelled'],
    when: 'always: the set is fixed',
    code: 'ROUND.CLOSED',
  }),
  refuse('site-withdrew', {
    from: ['collecting'],
    when: 'it is for another attempt',
    code: 'ROUND.WRONG_ATTEMPT',
    test: (state, { attempt }) => attempt !== state.attempt,
  }),
  refuse('site-withdrew', {
    from: ['collecting'],
    when: 'the site is not invited',
    code: 'ROUND.NOT_INVITED',
    test: (state, { siteId }) => !state.invited.includes(siteId),
  }),
  refuse('site-withdrew', {
    from: ['collecting'],
    when: "the site's update was accepted before",
    code: 'ROUND.ALREADY_SENT',
    test: (state, { siteId }) => state.collection.accepted.has(siteId),
  }),
  ignore('site-withdrew', {
    from: ['collecting'],
    when: 'the site withdrew before',
    test: (state, { siteId }) => state.withdrawn.has(siteId),
  }),
  ...leavingWhileCollecting('site-withdrew', (state, { siteId }) => withWithdrawal(state, siteId)),
];

const revoke = (state: RoundState, { siteId }: EventOf<'site-revoked'>): RoundState => withoutSite(state, siteId);
const counts = (state: RoundState, { siteId }: EventOf<'site-revoked'>): boolean =>
  state.collection.accepted.has(siteId);
const enough = (state: RoundState): boolean => state.collection.accepted.size > state.rules.minimumSites;

export const siteRevokedTransitions: readonly Transition[] = [
  ignore('site-revoked', { from: ['completed', 'failed', 'cancelled'], when: 'always: the round is over' }),
  ignore('site-revoked', {
    from: ['planned', 'collecting', 'aggregating'],
    when: 'the site was revoked before',
    test: (state, { siteId }) => state.revoked.has(siteId),
  }),
  on('site-revoked', {
    from: ['planned'],
    when: 'otherwise',
    to: 'same',
    effects: [],
    test: () => true,
    apply: (state, event) => ({ state: revoke(state, event), effects: [] }),
  }),
  ...leavingWhileCollecting('site-revoked', revoke),
  on('site-revoked', {
    from: ['aggregating'],
    when: 'its update is in the set and minimumSites remain without it',
    to: 'same',
    effects: ['start-aggregation'],
    test: (state, event) => counts(state, event) && enough(state),
    apply: (state, event) => startAggregation(revoke(state, event)),
  }),
  on('site-revoked', {
    from: ['aggregating'],
    when: 'its update is in the set, too few remain, attempts are left',
    to: 'planned',
    effects: ['plan-attempt'],
    test: (state, event) => counts(state, event) && failure(state) === 'retry',
    apply: (state, event) => retry(revoke(state, event), tooFew),
  }),
  on('site-revoked', {
    from: ['aggregating'],
    when: 'its update is in the set, too few remain, no attempt is left',
    to: 'failed',
    effects: ['announce-failed'],
    test: (state, event) => counts(state, event),
    apply: (state, event) => giveUp(revoke(state, event), tooFew),
  }),
  on('site-revoked', {
    from: ['aggregating'],
    when: 'otherwise',
    to: 'same',
    effects: [],
    test: () => true,
    apply: (state, event) => ({ state: revoke(state, event), effects: [] }),
  }),
];
