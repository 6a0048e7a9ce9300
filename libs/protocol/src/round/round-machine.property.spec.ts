import { type BlobHash, parseBlobHash, parseSiteId, parseStudyId, type SiteId } from '@fedistl/core';
import fc from 'fast-check';
import { type RoundEffect } from './round-effects';
import { type RoundEvent } from './round-events';
import { matchTransition, stepRound } from './round-machine';
import { isFinal, outstandingSites, plannedRound, type RoundState } from './round-state';

const key = { studyId: parseStudyId('tb'), generation: 1, round: 2 };
const foreign = { ...key, round: 3 };
const sites = ['a1', 'b2', 'c3', 'd4', 'e5'].map(parseSiteId);
const blobs = ['a', 'b'].map((digit) => parseBlobHash(digit.repeat(64)));
const numRuns = process.env['SLOW'] === '1' ? 20_000 : 1000;

const site = fc.constantFrom(...sites);
const attempt = fc.constantFrom(1, 1, 1, 2, 2, 3, 0);
const roundKey = fc.constantFrom(key, key, key, key, key, foreign);
const aggregation = fc.constantFrom(1, 1, 1, 1, 2, 3, 0);
const anyEvent: fc.Arbitrary<RoundEvent> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      key: roundKey,
      type: fc.constant('open-attempt' as const),
      attempt,
      sites: fc.array(site, { maxLength: 8 }),
      deadlineAtMs: fc.integer({ min: 0, max: 100 }),
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      key: roundKey,
      type: fc.constant('update-verified' as const),
      attempt,
      siteId: site,
      blobHash: fc.constantFrom(...blobs),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ key: roundKey, type: fc.constant('site-withdrew' as const), attempt, siteId: site }),
  },
  { weight: 1, arbitrary: fc.record({ key: roundKey, type: fc.constant('site-revoked' as const), siteId: site }) },
  {
    weight: 2,
    arbitrary: fc.record({
      key: roundKey,
      type: fc.constant('deadline-passed' as const),
      attempt,
      nowMs: fc.integer({ min: 0, max: 100 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      key: roundKey,
      type: fc.constant('aggregated' as const),
      attempt,
      aggregation,
      studentHash: fc.constant('s'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      key: roundKey,
      type: fc.constant('aggregation-failed' as const),
      attempt,
      aggregation,
      code: fc.constant('X.Y'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ key: roundKey, type: fc.constant('cancelled' as const), code: fc.constant('X.Y') }),
  },
);
const rulesOf = fc
  .record({
    minimumSites: fc.integer({ min: 1, max: 4 }),
    extra: fc.integer({ min: 0, max: 3 }),
    maximumAttempts: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ minimumSites, extra, maximumAttempts }) => ({ minimumSites, quorum: minimumSites + extra, maximumAttempts }));

/** A naive coordinator's notebook: what each attempt acknowledged and who was revoked, kept apart from the machine. */
class Model {
  readonly acknowledged = new Map<number, Map<SiteId, BlobHash>>();
  readonly revoked = new Set<SiteId>();

  observe(before: RoundState, event: RoundEvent, effects: readonly RoundEffect[]): void {
    if (event.key === key && event.type === 'site-revoked' && !isFinal(before.phase)) this.revoked.add(event.siteId);
    for (const effect of effects) {
      if (effect.type === 'acknowledge-update') this.acknowledge(before, event, effect);
      if (effect.type === 'start-aggregation') this.compare(effect);
    }
  }

  private acknowledge(
    before: RoundState,
    event: RoundEvent,
    effect: Extract<RoundEffect, { type: 'acknowledge-update' }>,
  ) {
    expect(event).toMatchObject({ type: 'update-verified', key, attempt: before.attempt, siteId: effect.siteId });
    const ofAttempt = this.acknowledged.get(before.attempt) ?? new Map<SiteId, BlobHash>();
    const earlier = ofAttempt.get(effect.siteId);
    // Once acknowledged, a site's update is never replaced: no double count.
    expect(effect.duplicate).toBe(earlier !== undefined);
    if (earlier !== undefined) expect(effect.blobHash).toBe(earlier);
    this.acknowledged.set(before.attempt, ofAttempt.set(effect.siteId, effect.blobHash));
  }

  /** The aggregated set is exactly what was acknowledged in that attempt, less the revoked: no lost update. */
  private compare(effect: Extract<RoundEffect, { type: 'start-aggregation' }>): void {
    const expected = [...(this.acknowledged.get(effect.attempt) ?? [])]
      .filter(([siteId]) => !this.revoked.has(siteId))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([siteId, blobHash]) => ({ siteId, blobHash }));
    expect(effect.contributions).toEqual(expected);
  }
}

function checkInvariants(state: RoundState): void {
  const { minimumSites, quorum, maximumAttempts } = state.rules;
  const accepted = state.collection.accepted.size;
  expect(state.attempt).toBeLessThanOrEqual(maximumAttempts);
  for (const siteId of state.collection.accepted.keys()) {
    expect(state.invited).toContain(siteId);
    expect(state.revoked.has(siteId)).toBe(false);
    expect(state.withdrawn.has(siteId)).toBe(false);
  }
  if (state.phase === 'collecting') {
    // Something can still arrive and be enough; otherwise the round would wait in vain.
    expect(outstandingSites(state).length).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(quorum);
    expect(accepted + outstandingSites(state).length).toBeGreaterThanOrEqual(minimumSites);
  }
  if (state.phase === 'aggregating') expect(accepted).toBeGreaterThanOrEqual(minimumSites);
  if (state.phase === 'planned') expect(state.attempt).toBeLessThan(maximumAttempts);
}

/** Answers the machine's own requests and nothing more; returns the phase in which the round ends. */
function drive(start: RoundState): RoundState {
  let state = start;
  for (let steps = 0; steps < 20 && !isFinal(state.phase); steps++) {
    const now: RoundEvent =
      state.phase === 'planned'
        ? { key, type: 'open-attempt', attempt: state.attempt + 1, sites, deadlineAtMs: 50 }
        : state.phase === 'collecting'
          ? { key, type: 'deadline-passed', attempt: state.attempt, nowMs: 1000 }
          : { key, type: 'aggregated', attempt: state.attempt, aggregation: state.aggregation, studentHash: 's' };
    const next = stepRound(state, now);
    // Too many sites revoked to open again: the administrators' way out is to cancel.
    state =
      next.state === state && state.phase === 'planned'
        ? stepRound(state, { key, type: 'cancelled', code: 'X.Y' }).state
        : next.state;
  }
  return state;
}

describe('round machine under any events', () => {
  it('never counts twice, never loses an acknowledged update, keeps its invariants, and is never stuck', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(rulesOf, fc.array(anyEvent, { maxLength: 40, size: 'max' }), (rules, events) => {
        const model = new Model();
        let state = plannedRound(key, rules, 'plain');
        // Most sequences start with an opened round, or nothing would get far.
        const opened: RoundEvent = { key, type: 'open-attempt', attempt: 1, sites, deadlineAtMs: 50 };
        for (const event of rules.maximumAttempts === 3 ? events : [opened, ...events]) {
          const row = matchTransition(state, event);
          const step = stepRound(state, event);
          // The table says what happened.
          expect(step.state.phase).toBe(row === null || row.to === 'same' ? state.phase : row.to);
          expect(step.effects.map(({ type }) => type)).toEqual(row === null ? ['refuse'] : row.effects);
          if (step.effects.some(({ type }) => type === 'refuse')) expect(step.state).toBe(state);
          if (isFinal(state.phase)) expect(step.state).toBe(state);
          model.observe(state, event, step.effects);
          state = step.state;
          checkInvariants(state);
          seen.set(state.phase, (seen.get(state.phase) ?? 0) + 1);
        }
        expect(isFinal(drive(state).phase)).toBe(true);
      }),
      { numRuns },
    );
    // The generator reaches every phase; a property over a corner of the machine would prove little.
    expect([...seen.keys()].sort()).toEqual([
      'aggregating',
      'cancelled',
      'collecting',
      'completed',
      'failed',
      'planned',
    ]);
  });

  it('does not change the state it was given', () => {
    fc.assert(
      fc.property(rulesOf, fc.array(anyEvent, { maxLength: 15 }), (rules, events) => {
        let state = plannedRound(key, rules, 'plain');
        for (const event of events) {
          const before = structuredClone(state);
          const again = stepRound(state, event);
          expect(state).toEqual(before);
          expect(stepRound(state, event)).toEqual(again);
          state = again.state;
        }
      }),
      { numRuns: numRuns / 10 },
    );
  });
});
