import { type BlobHash, type ModelHash, type PlanHash } from '@fedistl/core';
import { type Envelope } from '@fedistl/crypto';
import { type Row, type Study } from '@fedistl/persistence';
import { type StudyPlan } from '@fedistl/protocol';

interface NewStudy {
  readonly plan: StudyPlan;
  readonly planHash: PlanHash;
  readonly envelope: Envelope;
  readonly initialModel: ModelHash;
  readonly layoutHash: BlobHash;
  readonly by: string;
  readonly at: Date;
}

/** A draft, before its first round. */
export function newStudy({ plan, planHash, envelope, initialModel, layoutHash, by, at }: NewStudy): Row<Study> {
  return {
    studyId: plan.studyId,
    title: plan.title,
    plan,
    planHash,
    planEnvelope: envelope,
    state: 'draft',
    stateReason: null,
    createdBy: by,
    createdAt: at,
    approvedBy: null,
    approvedAt: null,
    startedAt: null,
    endedAt: null,
    initialModelHash: initialModel,
    layoutHash,
    generation: 0,
    round: 0,
    teacherHash: null,
    studentHash: initialModel,
    averageHash: null,
    centreHash: null,
    momentsHash: null,
    serverStep: 0,
    modelIndex: 0,
  };
}
