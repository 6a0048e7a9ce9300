import { type EntityManager } from 'typeorm';
import { PostgresLedgerStore } from '../ledger/postgres-ledger-store';
import { BlobRepository } from './blob.repository';
import { EvaluationRepository } from './evaluation.repository';
import { JobRepository } from './job.repository';
import { ModelRepository } from './model.repository';
import { PersonTokenRepository } from './person-token.repository';
import { ProposalRepository } from './proposal.repository';
import { RoundRepository } from './round.repository';
import { SignedRecordRepository } from './signed-record.repository';
import { SiteRepository } from './site.repository';
import { StudyRepository } from './study.repository';

/** Every repository, on one connection or one transaction. */
export class Repositories {
  readonly sites: SiteRepository;
  readonly people: PersonTokenRepository;
  readonly proposals: ProposalRepository;
  readonly studies: StudyRepository;
  readonly rounds: RoundRepository;
  readonly models: ModelRepository;
  readonly evaluations: EvaluationRepository;
  readonly blobs: BlobRepository;
  readonly jobs: JobRepository;
  readonly records: SignedRecordRepository;
  readonly ledger: PostgresLedgerStore;

  constructor(manager: EntityManager) {
    this.sites = new SiteRepository(manager);
    this.people = new PersonTokenRepository(manager);
    this.proposals = new ProposalRepository(manager);
    this.studies = new StudyRepository(manager);
    this.rounds = new RoundRepository(manager);
    this.models = new ModelRepository(manager);
    this.evaluations = new EvaluationRepository(manager);
    this.blobs = new BlobRepository(manager);
    this.jobs = new JobRepository(manager);
    this.records = new SignedRecordRepository(manager);
    this.ledger = new PostgresLedgerStore(manager);
  }
}
