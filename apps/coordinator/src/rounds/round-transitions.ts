import { Identity } from '@fedistl/crypto';
import { type StoredRound, type Study } from '@fedistl/persistence';
import {
  type RoundEffect,
  type RoundEvent,
  type RoundManifest,
  type RoundRefusal,
  type RoundState,
  signMessage,
  stepRound,
} from '@fedistl/protocol';
import { assertNever } from '@fedistl/core';
import { Injectable } from '@nestjs/common';
import { envelopeHash } from '../audit/envelope-hash';
import { type Unit } from '../audit/unit-of-work';
import { pauseFor } from '../studies/lock-study';
import { RoundError } from './round.errors';

export interface Transitioned {
  readonly round: StoredRound;
  readonly state: RoundState;
  readonly effects: readonly RoundEffect[];
  /** Why the event changed nothing. */
  readonly refusal: RoundRefusal | null;
}

/**
 * Lets an event happen to a round: locks its row, asks `stepRound`, stores the new state and writes down what follows from it,
 * all in the caller's transaction. The caller has locked the study.
 */
@Injectable()
export class RoundTransitions {
  constructor(private readonly identity: Identity) {}

  /**
   * @param also part of the event, done before what follows from it, unless it is refused
   * @throws RoundError `ROUND.UNKNOWN`
   */
  async apply(
    unit: Unit,
    study: Study,
    event: RoundEvent,
    also: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Transitioned> {
    const { rounds } = unit.repositories;
    const round = await rounds.findForUpdate(event.key);
    if (round === null) {
      const { studyId, generation, round: number } = event.key;
      throw new RoundError('ROUND.UNKNOWN', `expected a round of ${studyId}, got ${generation}.${number}`);
    }
    const { state, effects } = stepRound(round.state, event);
    if (state !== round.state) await rounds.saveState(event.key, state, unit.now);
    const transitioned = { round, state, effects, refusal: refusalOf(effects) };
    if (transitioned.refusal === null) await also();
    for (const effect of effects) await this.carryOut(unit, study, transitioned, effect);
    if (transitioned.refusal === null) {
      const { generation, round: number } = event.key;
      unit.announce({ type: 'round', studyId: study.studyId, generation, round: number });
    }
    return transitioned;
  }

  private async carryOut(unit: Unit, study: Study, { state, round }: Transitioned, effect: RoundEffect): Promise<void> {
    const { studyId, generation, round: number } = state.key;
    const name = `${studyId}/${generation}/${number}`;
    switch (effect.type) {
      case 'publish-manifest':
        await this.publish(unit, study, round, effect);
        return;
      case 'wake-at':
        unit.enqueue({
          type: 'round-deadline',
          key: `round-deadline/${name}/${effect.attempt}/${effect.atMs}`,
          payload: { ...state.key, attempt: effect.attempt },
          runAfter: new Date(effect.atMs),
        });
        return;
      case 'start-aggregation':
        unit.enqueue({
          type: 'aggregate',
          key: `aggregate/${name}/${effect.attempt}/${effect.aggregation}`,
          payload: { ...state.key, attempt: effect.attempt, aggregation: effect.aggregation },
        });
        return;
      case 'plan-attempt':
        await this.giveUpAttempt(unit, { ...state.key, attempt: effect.attempt - 1 }, effect.code);
        unit.enqueue({ type: 'advance', key: `advance/${name}/attempt-${effect.attempt}`, payload: { studyId } });
        return;
      case 'announce-failed':
        await this.giveUpAttempt(unit, { ...state.key, attempt: state.attempt }, effect.code);
        pauseFor(study, effect.code, `round ${number} of generation ${generation} failed in its last attempt`);
        await unit.repositories.studies.save(study);
        unit.announce({ type: 'study', studyId });
        return;
      case 'announce-cancelled':
        await unit.repositories.rounds.voidUpdates(state.key, state.attempt, effect.code);
        return;
      case 'acknowledge-update':
      case 'announce-completed':
      case 'refuse':
        return; // The caller, whose event it was, sees to these.
      default:
        assertNever(effect);
    }
  }

  private async publish(
    unit: Unit,
    study: Study,
    round: StoredRound,
    { attempt, sites, deadlineAtMs }: Extract<RoundEffect, { type: 'publish-manifest' }>,
  ): Promise<void> {
    const { studyId, generation, round: number, teacherHash, studentHash, centreHash, modelIndex } = round;
    const deadlineAt = new Date(deadlineAtMs);
    const manifest: RoundManifest = {
      type: 'round-manifest',
      version: 1,
      studyId,
      generation,
      round: number,
      attempt,
      planHash: study.planHash,
      teacherHash,
      studentHash,
      centreHash,
      layoutHash: study.layoutHash,
      modelIndex,
      aggregationMode: study.plan.aggregation.mode,
      sites: [...sites],
      issuedAt: unit.now.toISOString(),
      deadlineAt: deadlineAt.toISOString(),
    };
    const envelope = signMessage(manifest, this.identity);
    const key = { studyId, generation, round: number, attempt };
    const hash = envelopeHash(envelope);
    await unit.repositories.rounds.insertAttempt({
      ...key,
      manifest,
      envelope,
      envelopeHash: hash,
      issuedAt: unit.now,
      deadlineAt,
    });
    unit.record({ type: 'round-opened', ...key, planHash: study.planHash, modelIndex, envelopeHash: hash });
    unit.announce({ type: 'work', studyId, siteIds: sites });
    unit.step('coordinator.manifest-published');
  }

  /** An attempt's updates count no more; sites keep theirs and sign them again for the next. */
  private async giveUpAttempt(
    unit: Unit,
    { attempt, ...key }: RoundState['key'] & { attempt: number },
    code: string,
  ): Promise<void> {
    await unit.repositories.rounds.voidUpdates(key, attempt, code);
    unit.record({ type: 'round-failed', ...key, attempt, code, reason: `attempt ${attempt} ended without a result` });
  }
}

function refusalOf(effects: readonly RoundEffect[]): RoundRefusal | null {
  return effects.find((effect) => effect.type === 'refuse')?.code ?? null;
}
