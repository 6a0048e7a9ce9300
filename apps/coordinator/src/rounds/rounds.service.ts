import { type SiteId } from '@fedistl/core';
import { Database } from '@fedistl/persistence';
import {
  outstandingSites,
  type RoundEvent,
  type RoundKey,
  type SiteWork,
  type WithdrawalRequest,
} from '@fedistl/protocol';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Unit, UnitOfWork } from '../audit/unit-of-work';
import { Clock } from '../jobs/clock';
import { JobRunner } from '../jobs/job-runner';
import { lockStudy } from '../studies/lock-study';
import { RoundError } from './round.errors';
import { RoundTransitions } from './round-transitions';

/** What rounds hear from sites, from the clock and from administrators. */
@Injectable()
export class RoundsService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly work: UnitOfWork,
    private readonly transitions: RoundTransitions,
    private readonly runner: JobRunner,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.runner.register('round-deadline', (payload) => this.deadline(payload as RoundKey & { attempt: number }));
    this.runner.register('revoke-site', (payload) => this.siteRevoked((payload as { siteId: SiteId }).siteId));
  }

  /** Rounds that wait for this site's update. The same answer until it came, or the round moved on. */
  async openWork(siteId: SiteId): Promise<SiteWork[]> {
    const { rounds } = this.database.repositories;
    const wanted = (await rounds.open()).filter(
      ({ state }) => state.phase === 'collecting' && outstandingSites(state).includes(siteId),
    );
    const attempts = await Promise.all(wanted.map(({ state }) => rounds.attempt(state.key, state.attempt)));
    return attempts.flatMap((attempt) => (attempt === null ? [] : [{ kind: 'round', manifest: attempt.envelope }]));
  }

  /** A site sends nothing in this attempt. Saying so twice is saying it once. @throws RoundError `ROUND.*` */
  async withdraw(siteId: SiteId, request: WithdrawalRequest): Promise<void> {
    const { studyId, generation, round, attempt, code, message } = request;
    const key = { studyId, generation, round };
    const refusal = await this.apply({ type: 'site-withdrew', key, attempt, siteId }, async (unit) => {
      const { rounds } = unit.repositories;
      if ((await rounds.withdrawal(key, attempt, siteId)) !== null) return;
      await rounds.addWithdrawal({ ...key, attempt, siteId, code, message, at: unit.now });
      unit.record({ type: 'round-withdrawal', ...key, attempt, siteId, code });
    });
    if (refusal === null) return;
    throw new RoundError(refusal, `expected a withdrawal that the round can take, got one of ${siteId}: ${refusal}`);
  }

  /** Takes a revoked site out of every open round. Doing it again changes nothing. */
  async siteRevoked(siteId: SiteId): Promise<void> {
    for (const { state } of await this.database.repositories.rounds.open()) {
      await this.apply({ type: 'site-revoked', key: state.key, siteId }, async ({ repositories: { rounds } }) => {
        const update = await rounds.update(state.key, state.attempt, siteId);
        if (update?.state === 'accepted') await rounds.markUpdate(update.id, 'void', 'ROUND.SITE_REVOKED');
      });
    }
    // Whoever waited for its evaluation waits no more.
    await this.work.run(async (unit) => {
      for (const { studyId, generation } of await unit.repositories.evaluations.openOrders()) {
        unit.enqueue({
          type: 'advance',
          key: `advance/${studyId}/${generation}/revoked-${siteId}`,
          payload: { studyId },
        });
      }
    });
  }

  private async deadline({ studyId, generation, round, attempt }: RoundKey & { attempt: number }): Promise<void> {
    const nowMs = this.clock.now().getTime();
    await this.apply({ type: 'deadline-passed', key: { studyId, generation, round }, attempt, nowMs });
  }

  /** One event in one transaction; `also` is part of it unless the event is refused. */
  private apply(
    event: RoundEvent,
    also?: (unit: Unit) => Promise<void>,
  ): Promise<Awaited<ReturnType<RoundTransitions['apply']>>['refusal']> {
    return this.work.run(async (unit) => {
      const study = await lockStudy(unit.repositories, event.key.studyId);
      const { refusal } = await this.transitions.apply(unit, study, event, () => also?.(unit) ?? Promise.resolve());
      return refusal;
    });
  }
}
