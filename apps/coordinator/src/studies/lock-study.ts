import { type StudyId } from '@fedistl/core';
import { type Repositories, type Study } from '@fedistl/persistence';
import { StudyError } from './study.errors';

/** @throws StudyError `STUDY.UNKNOWN` */
export function knownStudy(study: Study | null, studyId: StudyId): Study {
  if (study !== null) return study;
  throw new StudyError('STUDY.UNKNOWN', `expected a study, got ${studyId}, which is none`, { details: { studyId } });
}

/**
 * The study's row, locked until the transaction ends. Everything that moves a study starts with it, so what happens to one
 * study happens one after another, and locks are always taken in the same order: study, round or evaluation order, ledger.
 *
 * @throws StudyError `STUDY.UNKNOWN`
 */
export async function lockStudy({ studies }: Repositories, studyId: StudyId): Promise<Study> {
  return knownStudy(await studies.findForUpdate(studyId), studyId);
}

/** A study stops for a person; the reason is a code and a sentence. */
export function pauseFor(study: Study, code: string, message: string): void {
  study.state = 'paused';
  study.stateReason = `${code}: ${message}`;
}
