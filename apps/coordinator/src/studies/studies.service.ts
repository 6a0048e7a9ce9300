import { randomUUID } from 'node:crypto';
import { type ModelHash, parseBlobHash, type SiteId, type StudyId } from '@fedistl/core';
import { readUpdateForm } from '@fedistl/aggregation/node';
import { Identity } from '@fedistl/crypto';
import { BlobStore, Database, type Study, type StudyState } from '@fedistl/persistence';
import {
  type Answer,
  type ParticipationRequest,
  planHash,
  signMessage,
  type StudyPlan,
  type StudyView,
} from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { Approvals } from '../audit/approvals';
import { envelopeHash } from '../audit/envelope-hash';
import { type Actor, type Unit, UnitOfWork } from '../audit/unit-of-work';
import { wireEnvelope } from '../audit/wire-envelope';
import { RoundTransitions } from '../rounds/round-transitions';
import { knownStudy, lockStudy } from './lock-study';
import { newStudy } from './new-study';
import { StudyError } from './study.errors';
import { studyView } from './study-view';

/** The life of a study, as people and sites steer it. */
@Injectable()
export class StudiesService {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly identity: Identity,
    private readonly work: UnitOfWork,
    private readonly approvals: Approvals,
    private readonly transitions: RoundTransitions,
  ) {}

  /**
   * A draft from a plan and an uploaded model; signs the plan.
   *
   * @throws StudyError `STUDY.EXISTS`, `STUDY.NO_MODEL`; what `readUpdateForm` throws of a file that is no such model
   */
  async create(plan: StudyPlan, initialModel: ModelHash, by: Actor): Promise<StudyView> {
    const { studyId } = plan;
    const blobHash = parseBlobHash(initialModel);
    const blob = await this.database.repositories.blobs.find(blobHash);
    if (blob?.purpose !== 'model' || !(await this.blobs.has(blobHash))) {
      throw new StudyError('STUDY.NO_MODEL', `expected an uploaded model, got ${initialModel}, which is none`);
    }
    const { layoutHash } = await readUpdateForm(plan, 0, await this.blobs.localPath(blobHash));
    const envelope = signMessage(plan, this.identity);
    await this.work.run(async (unit) => {
      const { studies, models, blobs } = unit.repositories;
      if ((await studies.find(studyId)) !== null) {
        throw new StudyError('STUDY.EXISTS', `expected a new study, got ${studyId}, which is there`);
      }
      const hash = planHash(plan);
      await studies.insert(
        newStudy({ plan, planHash: hash, envelope, initialModel, layoutHash, by: by.name, at: unit.now }),
      );
      if (blob.studyId === null && !(await blobs.assign(blobHash, studyId))) {
        throw new StudyError(
          'STUDY.NO_MODEL',
          `expected an uploaded model, got ${initialModel}, which was just deleted`,
        );
      }
      const lineage = { teacherHash: null, studentHash: null, averageHash: null, contributions: [] };
      await models.insert({
        ...{ id: randomUUID(), studyId, modelHash: initialModel, kind: 'initial', generation: 0, round: 0 },
        ...{ state: 'intermediate', modelIndex: 0, lineage, createdAt: unit.now, decidedAt: null },
      });
      unit.record({ type: 'plan-published', studyId, planHash: hash, envelopeHash: envelopeHash(envelope) });
      unit.announce({ type: 'study', studyId });
    });
    return this.show(studyId);
  }

  /** @throws StudyError `STUDY.FOUR_EYES` when the approver created it, `STUDY.WRONG_STATE` */
  async approve(studyId: StudyId, by: Actor): Promise<StudyView> {
    return this.change(studyId, ['draft'], 'approve', async (unit, study) => {
      if (study.createdBy === by.name) {
        throw new StudyError('STUDY.FOUR_EYES', `expected another person than ${by.name}, who created the study`);
      }
      Object.assign(study, { state: 'approved', approvedBy: by.name, approvedAt: unit.now });
      const subject = { kind: 'plan' as const, planHash: study.planHash };
      await this.approvals.record(unit, { studyId, subject, decision: 'approve', by, reason: 'plan approved' });
    });
  }

  /** @throws StudyError `STUDY.WRONG_STATE` */
  start(studyId: StudyId): Promise<StudyView> {
    return this.change(studyId, ['approved'], 'start', (unit, study) => {
      Object.assign(study, { state: 'running', startedAt: unit.now });
      unit.enqueue({ type: 'advance', key: `advance/${studyId}/start`, payload: { studyId } });
      unit.step('coordinator.study-started');
    });
  }

  /** Opens nothing new; a round that is out runs to its end. @throws StudyError `STUDY.WRONG_STATE` */
  pause(studyId: StudyId, by: Actor): Promise<StudyView> {
    return this.change(studyId, ['running'], 'pause', (_unit, study) => {
      Object.assign(study, { state: 'paused', stateReason: `STUDY.PAUSED_BY_PERSON: paused by ${by.name}` });
    });
  }

  /** Goes on where it stopped; a round that had used up its attempts gets as many again. @throws StudyError */
  resume(studyId: StudyId): Promise<StudyView> {
    return this.change(studyId, ['paused'], 'resume', (unit, study) => {
      Object.assign(study, { state: 'running', stateReason: null });
      unit.enqueue({ type: 'advance', key: `advance/${studyId}/resume-${randomUUID()}`, payload: { studyId } });
    });
  }

  /** Ends it for good; its models and its ledger stay. @throws StudyError `STUDY.WRONG_STATE` */
  cancel(studyId: StudyId, by: Actor): Promise<StudyView> {
    return this.change(studyId, ['draft', 'approved', 'running', 'paused'], 'cancel', async (unit, study) => {
      const { generation, round } = study;
      const stateReason = `STUDY.CANCELLED: cancelled by ${by.name}`;
      Object.assign(study, { state: 'cancelled', stateReason, endedAt: unit.now });
      if (round === 0) return;
      const key = { studyId, generation, round };
      await this.transitions.apply(unit, study, { type: 'cancelled', key, code: 'STUDY.CANCELLED' });
    });
  }

  /** A site joins with counts, or changes them. @throws StudyError `STUDY.UNKNOWN`, `STUDY.WRONG_STATE` */
  async join(siteId: SiteId, studyId: StudyId, counts: ParticipationRequest): Promise<Answer<'joinStudy'>> {
    await this.work.run(async (unit) => {
      const study = await lockStudy(unit.repositories, studyId);
      requireState(study, ['approved', 'running', 'paused'], 'join');
      const at = { joinedAt: unit.now, updatedAt: unit.now };
      await unit.repositories.studies.saveParticipation({ studyId, siteId, ...counts, ...at });
      if (study.state === 'running') {
        unit.enqueue({ type: 'advance', key: `advance/${studyId}/join-${randomUUID()}`, payload: { studyId } });
      }
      unit.announce({ type: 'study', studyId });
    });
    return { studyId };
  }

  /** Studies that a site could join or has joined. */
  async forSite(siteId: SiteId): Promise<Answer<'siteStudies'>> {
    const { studies } = this.database.repositories;
    const open = await studies.list(['approved', 'running', 'paused', 'completed']);
    return {
      studies: await Promise.all(
        open.map(async ({ studyId, title, state, planHash: hash, planEnvelope }) => {
          const joined = (await studies.participation(studyId, siteId)) !== null;
          return { studyId, title, state, planHash: hash, plan: wireEnvelope(planEnvelope), joined };
        }),
      ),
    };
  }

  async list(): Promise<Answer<'listStudies'>> {
    const studies = await this.database.repositories.studies.list();
    return { studies: await Promise.all(studies.map(({ studyId }) => this.show(studyId))) };
  }

  /** @throws StudyError `STUDY.UNKNOWN` */
  async show(studyId: StudyId): Promise<StudyView> {
    const { studies } = this.database.repositories;
    return studyView(knownStudy(await studies.find(studyId), studyId), await studies.participations(studyId));
  }

  /** @throws StudyError `STUDY.UNKNOWN` */
  async plan(studyId: StudyId): Promise<Answer<'studyPlan'>> {
    const study = knownStudy(await this.database.repositories.studies.find(studyId), studyId);
    return { planHash: study.planHash, plan: wireEnvelope(study.planEnvelope) };
  }

  private async change(
    studyId: StudyId,
    from: readonly StudyState[],
    what: string,
    apply: (unit: Unit, study: Study) => Promise<void> | void,
  ): Promise<StudyView> {
    await this.work.run(async (unit) => {
      const study = await lockStudy(unit.repositories, studyId);
      requireState(study, from, what);
      await apply(unit, study);
      await unit.repositories.studies.save(study);
      unit.announce({ type: 'study', studyId });
    });
    return this.show(studyId);
  }
}

function requireState({ studyId, state }: Study, from: readonly StudyState[], what: string): void {
  if (from.includes(state)) return;
  const message = `expected a study that is ${from.join(' or ')} to ${what}, got ${studyId}, which is ${state}`;
  throw new StudyError('STUDY.WRONG_STATE', message, { details: { studyId, state } });
}
