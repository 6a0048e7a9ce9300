import { parseBlobHash, parseSiteId, parseStudyId } from '@fedistl/core';
import { type RoundEffect } from './round-effects';
import { type RoundEvent } from './round-events';
import { roundStateFromJson, roundStateToJson } from './round-json';
import { stepRound } from './round-machine';
import { plannedRound, type RoundState } from './round-state';

const key = { studyId: parseStudyId('tb'), generation: 1, round: 2 };
const sites = ['busan', 'daegu', 'jeju', 'seoul'].map(parseSiteId);
const rules = { minimumSites: 2, quorum: 3, maximumAttempts: 2 };
const blob = (digit: string) => parseBlobHash(digit.repeat(64));

const open = (attempt = 1, invited = sites): RoundEvent => ({
  key,
  type: 'open-attempt',
  attempt,
  sites: invited,
  deadlineAtMs: 1000 * attempt,
});
const update = (site: number, digit = 'a', attempt = 1): RoundEvent => ({
  key,
  type: 'update-verified',
  attempt,
  siteId: sites[site]!,
  blobHash: blob(digit),
});
const withdraw = (site: number, attempt = 1): RoundEvent => ({
  key,
  type: 'site-withdrew',
  attempt,
  siteId: sites[site]!,
});
const revoke = (site: number): RoundEvent => ({ key, type: 'site-revoked', siteId: sites[site]! });
const deadline = (nowMs = 1000, attempt = 1): RoundEvent => ({ key, type: 'deadline-passed', attempt, nowMs });

function run(events: readonly RoundEvent[], start = plannedRound(key, rules, 'plain')) {
  let state: RoundState = start;
  const effects: RoundEffect[] = [];
  for (const event of events) {
    const step = stepRound(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects, last: effects.at(-1) };
}

const aggregatedSites = (effect: RoundEffect | undefined): string[] =>
  effect?.type === 'start-aggregation' ? effect.contributions.map(({ siteId }) => siteId) : [];

describe('round', () => {
  it('publishes the manifest with sites in order, once each, and sets the alarm', () => {
    const { state, effects } = run([open(1, [...sites].reverse().concat(sites))]);
    expect(state.phase).toBe('collecting');
    expect(effects).toEqual([
      { type: 'publish-manifest', attempt: 1, sites, deadlineAtMs: 1000 },
      { type: 'wake-at', attempt: 1, atMs: 1000 },
    ]);
  });

  it('closes at the quorum and folds in site order whatever the order of arrival', () => {
    const { state, last } = run([open(), update(3), update(0), update(2)]);
    expect(state.phase).toBe('aggregating');
    expect(aggregatedSites(last)).toEqual(['busan', 'jeju', 'seoul']);
  });

  it('closes at the deadline with minimumSites', () => {
    expect(aggregatedSites(run([open(), update(3), update(0), deadline()]).last)).toEqual(['busan', 'seoul']);
  });

  it('closes when nobody is outstanding', () => {
    const { last } = run([open(), update(0), withdraw(1), withdraw(2), update(3)]);
    expect(aggregatedSites(last)).toEqual(['busan', 'seoul']);
    const other = run([open(), update(0), update(3), withdraw(1), revoke(2)]);
    expect(aggregatedSites(other.last)).toEqual(['busan', 'seoul']);
  });

  it('completes', () => {
    const events = [open(), update(0), update(1), update(2)];
    const done: RoundEvent = { key, type: 'aggregated', attempt: 1, aggregation: 1, studentHash: 's' };
    const { state, last } = run([...events, done]);
    expect([state.phase, state.result, last]).toEqual([
      'completed',
      's',
      { type: 'announce-completed', studentHash: 's' },
    ]);
  });

  it('starts another attempt when too few came, and fails after the last', () => {
    const first = run([open(), update(0), deadline()]);
    expect(first.state.phase).toBe('planned');
    expect(first.last).toEqual({ type: 'plan-attempt', attempt: 2, code: 'ROUND.DEADLINE_MISSED' });
    const second = run([open(2), update(0, 'b', 2), deadline(2000, 2)], first.state);
    expect(second.state.phase).toBe('failed');
    expect(second.last).toEqual({ type: 'announce-failed', code: 'ROUND.DEADLINE_MISSED' });
  });

  it('gives up an attempt as soon as minimumSites cannot be reached', () => {
    const { state, last } = run([open(), withdraw(0), withdraw(1), revoke(2)]);
    expect([state.phase, last]).toEqual(['planned', { type: 'plan-attempt', attempt: 2, code: 'ROUND.TOO_FEW_SITES' }]);
  });

  it('acknowledges the same update again, also after the round is over, and refuses another of the same site', () => {
    const events = [open(), update(0), update(1), update(2)];
    const duplicate = { type: 'acknowledge-update', siteId: sites[0], blobHash: blob('a'), duplicate: true };
    expect(run([...events, update(0)]).last).toEqual(duplicate);
    const done: RoundEvent = { key, type: 'aggregated', attempt: 1, aggregation: 1, studentHash: 's' };
    expect(run([...events, done, update(0)]).last).toEqual(duplicate);
    expect(run([...events, update(0, 'b')]).last).toMatchObject({ code: 'ROUND.UPDATE_CONFLICT' });
  });

  it('starts the aggregation again without a site revoked meanwhile, and does not take the old result', () => {
    const events = [open(), update(0), update(1), update(2), revoke(1)];
    const { state, last } = run(events);
    expect(last).toMatchObject({ type: 'start-aggregation', aggregation: 2 });
    expect(aggregatedSites(last)).toEqual(['busan', 'jeju']);
    const stale: RoundEvent = { key, type: 'aggregated', attempt: 1, aggregation: 1, studentHash: 'old' };
    expect(run([stale], state).last).toMatchObject({ code: 'ROUND.STALE_RESULT' });
    expect(run([stale], state).state).toBe(state);
  });

  it('does not aggregate fewer than minimumSites after revocations', () => {
    const { state, last } = run([open(), update(0), update(1), update(2), revoke(1), revoke(2)]);
    expect(state.phase).toBe('planned');
    expect(last).toEqual({ type: 'plan-attempt', attempt: 2, code: 'ROUND.TOO_FEW_SITES' });
  });

  it('bars a revoked site from later attempts', () => {
    const { state } = run([open(), revoke(0), update(1), deadline(), open(2)]);
    expect(state.invited).toEqual(sites.slice(1));
    expect(run([update(0, 'a', 2)], state).last).toMatchObject({ code: 'ROUND.SITE_REVOKED' });
  });

  it.each<[string, RoundEvent[]]>([
    ['ROUND.NOT_OPEN', [update(0)]],
    ['ROUND.WRONG_ATTEMPT', [open(), update(0, 'a', 2)]],
    ['ROUND.WRONG_ATTEMPT', [open(2)]],
    ['ROUND.WRONG_ATTEMPT', [open(), open()]],
    ['ROUND.TOO_FEW_SITES', [open(1, sites.slice(0, 1))]],
    ['ROUND.NOT_INVITED', [open(1, sites.slice(0, 3)), update(3)]],
    ['ROUND.SITE_WITHDREW', [open(), withdraw(0), update(0)]],
    ['ROUND.ALREADY_SENT', [open(), update(0), withdraw(0)]],
    ['ROUND.CLOSED', [open(), update(0), update(1), update(2), update(3)]],
    ['ROUND.FOREIGN_EVENT', [open(), { ...update(0), key: { ...key, round: 3 } }]],
  ])('refuses with %s', (code, events) => {
    expect(run(events).last).toMatchObject({ type: 'refuse', code });
  });

  it('waits when the alarm rings early', () => {
    expect(run([open(), update(0), deadline(999)]).last).toEqual({ type: 'wake-at', attempt: 1, atMs: 1000 });
  });

  it('survives being stored', () => {
    const { state } = run([open(), update(0), withdraw(1), revoke(2)]);
    const stored: unknown = JSON.parse(JSON.stringify(roundStateToJson(state)));
    expect(roundStateFromJson(stored)).toEqual(state);
    expect(() => roundStateFromJson({ ...(stored as object), phase: 'lost' })).toThrow(/phase/);
  });
});
