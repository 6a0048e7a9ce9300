import { parseBlobHash, parseModelHash, parseStudyId, type StudyId } from '@fedistl/core';
import { Identity } from '@fedistl/crypto';
import { planHash, referencePlan, signMessage } from '@fedistl/protocol';
import { type TestCoordinator } from './test-coordinator';

/** Puts an approved study into the database, for specs about what surrounds studies. */
export async function insertStudy(coordinator: TestCoordinator, name: string, model: string): Promise<StudyId> {
  const studyId = parseStudyId(name);
  const now = new Date();
  const plan = referencePlan({ studyId, title: name, finding: 'tuberculosis', createdAt: now.toISOString() });
  await coordinator.testDatabase.database.repositories.studies.insert({
    ...{
      studyId,
      title: name,
      plan,
      planHash: planHash(plan),
      planEnvelope: signMessage(plan, Identity.generate('x')),
    },
    ...{ state: 'approved', stateReason: null, createdBy: 'Lee', createdAt: now, approvedBy: 'Park', approvedAt: now },
    ...{ startedAt: null, endedAt: null, initialModelHash: parseModelHash(model), layoutHash: parseBlobHash(model) },
    ...{ updateParameters: 1, generation: 0, round: 0, teacherHash: null, studentHash: parseModelHash(model) },
    ...{ averageHash: null, centreHash: null, momentsHash: null, serverStep: 0, modelIndex: 0 },
  });
  return studyId;
}
