import { type StudyId } from '@fedistl/core';
import { type EvaluationOrder, type StoredRound, type Study } from '@fedistl/persistence';
import { generationRules } from '@fedistl/protocol';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Unit, UnitOfWork } from '../audit/unit-of-work';
import { EvaluationOrders } from '../evaluations/evaluation-orders';
import { JobRunner } from '../jobs/job-runner';
import { RoundOpening } from '../rounds/round-opening';
import { lockStudy, pauseFor } from './lock-study';

/** While too few sites have joined, the study looks again so often; joining makes it look at once. */
const waitForSitesMs = 10_000;

/**
 * Takes a study its next step, whatever that is: a pure function of what the database holds, so it may be asked at any time,
 * by anybody, twice.
 */
@Injectable()
export class StudyProgress implements OnModuleInit {
  constructor(
    private readonly work: UnitOfWork,
    private readonly rounds: RoundOpening,
    private readonly evaluations: EvaluationOrders,
    private readonly runner: JobRunner,
  ) {}

  onModuleInit(): void {
    this.runner.register('advance', (payload) => this.advance((payload as { studyId: StudyId }).studyId));
  }

  /** Opens the next attempt, round or evaluation, decides one, or ends the study; nothing while it waits for sites. */
  async advance(studyId: StudyId): Promise<void> {
    await this.work.run(async (unit) => {
      const study = await lockStudy(unit.repositories, studyId);
      if (study.state === 'running') await this.step(unit, study);
    });
  }

  private async step(unit: Unit, study: Study): Promise<void> {
    const { studyId, generation, round } = study;
    if (round === 0) return this.nextRound(unit, study);
    const current = await unit.repositories.rounds.findForUpdate({ studyId, generation, round });
    switch (current?.state.phase) {
      case 'planned':
        return this.openAttempt(unit, study, current);
      case 'failed':
        // It runs again: a person resumed it.
        return this.openAttempt(unit, study, await this.rounds.reopen(unit, study, current));
      case 'completed':
        if (round < generationRules(study.plan, generation).rounds) return this.nextRound(unit, study);
        return this.evaluate(unit, study);
      default:
        return; // Sites are at work, or an aggregation runs.
    }
  }

  private async nextRound(unit: Unit, study: Study): Promise<void> {
    await this.openAttempt(unit, study, await this.rounds.create(unit, study));
  }

  private async openAttempt(unit: Unit, study: Study, round: StoredRound): Promise<void> {
    if (await this.rounds.openAttempt(unit, study, round)) return;
    const at = new Date(unit.now.getTime() + waitForSitesMs);
    const { studyId } = study;
    unit.enqueue({
      type: 'advance',
      key: `advance/${studyId}/wait-${at.getTime()}`,
      payload: { studyId },
      runAfter: at,
    });
  }

  private async evaluate(unit: Unit, study: Study): Promise<void> {
    const order = await unit.repositories.evaluations.orderForUpdate(study.studyId, study.generation);
    if (order === null) {
      if (await this.evaluations.publish(unit, study)) return;
      await this.pause(
        unit,
        study,
        'STUDY.NO_HOLD_OUT',
        'no site that joined has a hold-out to evaluate the candidate',
      );
      return;
    }
    if (await this.evaluations.settle(unit, study, order)) await this.nextGeneration(unit, study, order);
  }

  private async nextGeneration(unit: Unit, study: Study, order: EvaluationOrder): Promise<void> {
    if (study.teacherHash === null) {
      await this.pause(unit, study, 'STUDY.NO_TEACHER', 'the first candidate was rejected; promote a model, or cancel');
      return;
    }
    if (study.generation >= study.plan.schedule.generations) {
      study.state = 'completed';
      study.endedAt = unit.now;
      await unit.repositories.studies.save(study);
      unit.announce({ type: 'study', studyId: study.studyId });
      unit.step('coordinator.study-completed');
      return;
    }
    beginGeneration(study, { fresh: order.decision === 'rejected' });
    await this.nextRound(unit, study);
  }

  private async pause(unit: Unit, study: Study, code: string, message: string): Promise<void> {
    pauseFor(study, code, message);
    await unit.repositories.studies.save(study);
    unit.announce({ type: 'study', studyId: study.studyId });
  }
}

/**
 * The start of the next generation: its average begins as the teacher in force. The student goes on, or (`fresh`, after a
 * rejection or a rollback) begins as the teacher too. Moments of the server's optimiser start anew.
 */
export function beginGeneration(study: Study, { fresh }: { readonly fresh: boolean }): void {
  study.generation += 1;
  study.round = 0;
  study.averageHash = study.teacherHash;
  if (fresh && study.teacherHash !== null) study.studentHash = study.teacherHash;
  if (fresh || study.plan.training.generation.centreStart === 'reset') study.centreHash = null;
  study.momentsHash = null;
  study.serverStep = 0;
}
