import { type Participation, type Study } from '@fedistl/persistence';
import { type StudyView } from '@fedistl/protocol';

/** A study as people see it. */
export function studyView(study: Study, participants: readonly Participation[]): StudyView {
  const { studyId, title, state, planHash, teacherHash, plan, createdBy, approvedBy, stateReason } = study;
  return {
    ...{ studyId, title, state, planHash, teacherHash, createdBy, approvedBy },
    initialModel: study.initialModelHash,
    generation: study.startedAt === null ? null : study.generation,
    round: study.round === 0 ? null : study.round,
    generations: plan.schedule.generations,
    roundsPerGeneration: plan.schedule.roundsPerGeneration,
    createdAt: study.createdAt.toISOString(),
    reason: reasonOf(stateReason),
    participants: participants.map(({ siteId, labelled, unlabelledByFold, holdOut, joinedAt }) => ({
      ...{ siteId, labelled, unlabelledByFold, holdOut },
      joinedAt: joinedAt.toISOString(),
    })),
  };
}

/** The stored `CODE: sentence` in its two parts. */
function reasonOf(stored: string | null): StudyView['reason'] {
  const [, code, message] = /^([A-Z0-9_.]+): (.*)$/s.exec(stored ?? '') ?? [];
  return code === undefined || message === undefined ? null : { code, message };
}
