import { Blob } from './blob.entity';
import { EnrolmentCode } from './enrolment-code.entity';
import { EvaluationOrder } from './evaluation-order.entity';
import { StoredEvaluationReport } from './evaluation-report.entity';
import { EvaluationWithdrawal } from './evaluation-withdrawal.entity';
import { Job } from './job.entity';
import { LedgerCheckpoint, LedgerCosignature, LedgerEntryRow, LedgerNode } from './ledger.entities';
import { Model } from './model.entity';
import { Participation } from './participation.entity';
import { PersonToken } from './person-token.entity';
import { Proposal } from './proposal.entity';
import { RoundAttempt } from './round-attempt.entity';
import { Round } from './round.entity';
import { SignedRecord } from './signed-record.entity';
import { SiteChallenge } from './site-challenge.entity';
import { SiteSession } from './site-session.entity';
import { Site } from './site.entity';
import { Study } from './study.entity';
import { Update } from './update.entity';
import { Withdrawal } from './withdrawal.entity';

/** Every table. A new entity belongs here, and a migration with it. */
export const entities = [
  Site,
  EnrolmentCode,
  SiteSession,
  SiteChallenge,
  PersonToken,
  Proposal,
  Study,
  Participation,
  Round,
  RoundAttempt,
  Update,
  Withdrawal,
  EvaluationOrder,
  StoredEvaluationReport,
  EvaluationWithdrawal,
  Model,
  Blob,
  Job,
  SignedRecord,
  LedgerEntryRow,
  LedgerNode,
  LedgerCheckpoint,
  LedgerCosignature,
];
