export { Database, openDatabase, type OpenDatabaseOptions, createDataSource } from './database/open-database';
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from './embedded/start-embedded-postgres';
export { Blob, type BlobPurpose } from './entities/blob.entity';
export { EnrolmentCode } from './entities/enrolment-code.entity';
export { type DecisionReason, type EvaluationDecision, EvaluationOrder } from './entities/evaluation-order.entity';
export { StoredEvaluationReport } from './entities/evaluation-report.entity';
export { EvaluationWithdrawal } from './entities/evaluation-withdrawal.entity';
export { Job, type JobState } from './entities/job.entity';
export { Model, type ModelKind, type ModelLineage, type ModelState } from './entities/model.entity';
export { Participation } from './entities/participation.entity';
export { type PersonRole, PersonToken } from './entities/person-token.entity';
export { Proposal, type ProposalAction, type ProposalState } from './entities/proposal.entity';
export { RoundAttempt } from './entities/round-attempt.entity';
export { SignedRecord } from './entities/signed-record.entity';
export { SiteChallenge } from './entities/site-challenge.entity';
export { SiteSession } from './entities/site-session.entity';
export { Site, type SiteState } from './entities/site.entity';
export { Study, type StudyState } from './entities/study.entity';
export { Update, type UpdateState } from './entities/update.entity';
export { Withdrawal } from './entities/withdrawal.entity';
export { PostgresLedgerStore } from './ledger/postgres-ledger-store';
export { PersistenceError } from './persistence.errors';
export { BlobRepository } from './repositories/blob.repository';
export { EvaluationRepository } from './repositories/evaluation.repository';
export { type JobLease, JobRepository, type NewJob } from './repositories/job.repository';
export { ModelRepository } from './repositories/model.repository';
export { PersonTokenRepository } from './repositories/person-token.repository';
export { ProposalRepository } from './repositories/proposal.repository';
export { Repositories } from './repositories/repositories';
export { type Row } from './repositories/row';
export { RoundRepository, type StoredRound } from './repositories/round.repository';
export { SignedRecordRepository } from './repositories/signed-record.repository';
export { SiteRepository } from './repositories/site.repository';
export { StudyRepository } from './repositories/study.repository';
export { BlobStore, type BlobRange, type ListedBlob, type StoredBlob } from './blobs/blob-store';
export { DirectoryBlobStore } from './blobs/directory-blob-store';
export { type S3BlobStoreSettings } from './blobs/s3-blob-store';
