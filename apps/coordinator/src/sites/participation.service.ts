import { type SiteId, type StudyId } from '@fedistl/core';
import { Database, type Participation, type Study } from '@fedistl/persistence';
import { type Answer, type ParsedBody } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../audit/unit-of-work';
import { SiteError } from './site.errors';

/** States in which a site may join, or change its counts. */
const open: readonly Study['state'][] = ['approved', 'running', 'paused'];

/** Which studies a site takes part in. It alone decides, and gives nothing but counts. */
@Injectable()
export class ParticipationService {
  constructor(
    private readonly database: Database,
    private readonly work: UnitOfWork,
  ) {}

  async list(siteId: SiteId): Promise<Answer<'siteStudies'>> {
    const { studies } = this.database.repositories;
    const found = await studies.list(open);
    const joined = await Promise.all(found.map(({ studyId }) => studies.participation(studyId, siteId)));
    return {
      studies: found.map(({ studyId, title, state, planHash, planEnvelope }, index) => ({
        studyId,
        title,
        state,
        planHash,
        plan: planEnvelope as unknown as Answer<'siteStudies'>['studies'][number]['plan'],
        joined: joined[index] !== null,
      })),
    };
  }

  /** @throws SiteError `STUDY.NOT_FOUND`, `STUDY.NOT_OPEN` */
  async join(
    siteId: SiteId,
    studyId: StudyId,
    { labelled, unlabelledByFold, holdOut }: ParsedBody<'joinStudy'>,
  ): Promise<Answer<'joinStudy'>> {
    return this.work.run(async (unit) => {
      const { studies } = unit.repositories;
      requireOpen(await studies.find(studyId), studyId);
      const before = await studies.participation(studyId, siteId);
      const joinedAt = before?.joinedAt ?? unit.now;
      const row = { studyId, siteId, labelled, unlabelledByFold, holdOut, joinedAt, updatedAt: unit.now };
      await studies.saveParticipation(row);
      if (before === null || changed(before, row)) unit.announce({ type: 'study', studyId });
      return { studyId };
    });
  }
}

function changed(
  before: Participation,
  after: Pick<Participation, 'labelled' | 'unlabelledByFold' | 'holdOut'>,
): boolean {
  const counts = ({ labelled, unlabelledByFold, holdOut }: typeof after) =>
    JSON.stringify([labelled, unlabelledByFold, holdOut]);
  return counts(before) !== counts(after);
}

function requireOpen(study: Study | null, studyId: StudyId): void {
  // A draft is not shown to sites, so for them it does not exist.
  if (study === null || study.state === 'draft') {
    throw new SiteError('STUDY.NOT_FOUND', `expected a study, got ${studyId}, which is none`);
  }
  if (!open.includes(study.state)) {
    throw new SiteError('STUDY.NOT_OPEN', `expected a study that goes on, got ${studyId}, which is ${study.state}`);
  }
}
