import { type StoredRound, type Study } from '@fedistl/persistence';
import { generationRules, plannedRound, type RoundKey } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { type Unit } from '../audit/unit-of-work';
import { invitedSites } from './invitation';
import { RoundTransitions } from './round-transitions';

/** Makes rounds and opens their attempts. The caller has locked the study. */
@Injectable()
export class RoundOpening {
  constructor(private readonly transitions: RoundTransitions) {}

  /** The next round of the generation, planned: it starts from where the study is. */
  async create(unit: Unit, study: Study): Promise<StoredRound> {
    study.round += 1;
    // Its models go out to sites: the index has to grow.
    study.modelIndex += 1;
    const { studyId, generation, round, plan } = study;
    const { minimumSites, quorum } = generationRules(plan, generation);
    const rules = { minimumSites, quorum, maximumAttempts: plan.schedule.maximumAttempts };
    const key: RoundKey = { studyId, generation, round };
    const stored: StoredRound = {
      ...key,
      state: plannedRound(key, rules, plan.aggregation.mode),
      teacherHash: study.averageHash,
      studentHash: study.studentHash,
      centreHash: study.centreHash,
      momentsHash: study.momentsHash,
      serverStep: study.serverStep,
      modelIndex: study.modelIndex,
      createdAt: unit.now,
      updatedAt: unit.now,
    };
    await unit.repositories.rounds.insert(stored);
    await unit.repositories.studies.save(study);
    return stored;
  }

  /**
   * Publishes the next attempt to every site that can take part.
   *
   * @returns false when there are too few of them: try again when more have joined
   */
  async openAttempt(unit: Unit, study: Study, { studyId, generation, round, state }: StoredRound): Promise<boolean> {
    const sites = await invitedSites(unit.repositories, study, generation);
    const { refusal } = await this.transitions.apply(unit, study, {
      type: 'open-attempt',
      key: { studyId, generation, round },
      attempt: state.attempt + 1,
      sites,
      deadlineAtMs: unit.now.getTime() + 1000 * study.plan.schedule.deadlineSeconds,
    });
    return refusal !== 'ROUND.TOO_FEW_SITES';
  }

  /** Gives a round that failed as many attempts again: a person resumed the study. */
  async reopen(unit: Unit, study: Study, stored: StoredRound): Promise<StoredRound> {
    const { state } = stored;
    const maximumAttempts = state.attempt + study.plan.schedule.maximumAttempts;
    const reopened = {
      ...plannedRound(state.key, { ...state.rules, maximumAttempts }, state.mode),
      attempt: state.attempt,
      revoked: state.revoked,
    };
    await unit.repositories.rounds.saveState(state.key, reopened, unit.now);
    return { ...stored, state: reopened };
  }
}
