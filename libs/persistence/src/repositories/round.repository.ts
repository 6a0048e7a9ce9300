import { type BlobHash, type SiteId, type StudyId } from '@fedistl/core';
import { type RoundKey, roundStateFromJson, type RoundState, roundStateToJson } from '@fedistl/protocol';
import { type EntityManager, In } from 'typeorm';
import { RoundAttempt } from '../entities/round-attempt.entity';
import { Round } from '../entities/round.entity';
import { Update, type UpdateState } from '../entities/update.entity';
import { Withdrawal } from '../entities/withdrawal.entity';
import { insertRow, insertRowOnce, type Row } from './row';

/** A round with its state read from JSON. */
export type StoredRound = Omit<Round, 'state' | 'phase' | 'attempt'> & { readonly state: RoundState };

/** Rounds with their attempts, updates and withdrawals. */
export class RoundRepository {
  constructor(private readonly manager: EntityManager) {}

  async find({ studyId, generation, round }: RoundKey): Promise<StoredRound | null> {
    return toStored(await this.manager.findOneBy(Round, { studyId, generation, round }));
  }

  /** The round's row, locked until the transaction ends: transitions of a round take place one after another. */
  async findForUpdate({ studyId, generation, round }: RoundKey): Promise<StoredRound | null> {
    const where = { studyId, generation, round };
    return toStored(await this.manager.findOne(Round, { where, lock: { mode: 'pessimistic_write' } }));
  }

  /** In order of generation and round. */
  async list(studyId: StudyId): Promise<StoredRound[]> {
    const rows = await this.manager.find(Round, { where: { studyId }, order: { generation: 'ASC', round: 'ASC' } });
    return rows.map((row) => toStored(row));
  }

  /** Rounds whose attempt is out, or whose set of updates is being folded. */
  async open(): Promise<StoredRound[]> {
    const rows = await this.manager.find(Round, {
      where: { phase: In(['planned', 'collecting', 'aggregating']) },
      order: { studyId: 'ASC', generation: 'ASC', round: 'ASC' },
    });
    return rows.map((row) => toStored(row));
  }

  async insert(stored: StoredRound): Promise<void> {
    await insertRow(this.manager, Round, toRow(stored));
  }

  async saveState({ studyId, generation, round }: RoundKey, state: RoundState, at: Date): Promise<void> {
    const { phase, attempt } = state;
    await this.manager.update(
      Round,
      { studyId, generation, round },
      { state: roundStateToJson(state), phase, attempt, updatedAt: at },
    );
  }

  async insertAttempt(attempt: Row<RoundAttempt>): Promise<void> {
    await insertRow(this.manager, RoundAttempt, attempt);
  }

  attempt({ studyId, generation, round }: RoundKey, attempt: number): Promise<RoundAttempt | null> {
    return this.manager.findOneBy(RoundAttempt, { studyId, generation, round, attempt });
  }

  attempts(studyId: StudyId): Promise<RoundAttempt[]> {
    return this.manager.find(RoundAttempt, {
      where: { studyId },
      order: { generation: 'ASC', round: 'ASC', attempt: 'ASC' },
    });
  }

  async insertUpdate(update: Row<Update>): Promise<void> {
    await insertRow(this.manager, Update, update);
  }

  /** A site's update to an attempt. */
  update({ studyId, generation, round }: RoundKey, attempt: number, siteId: SiteId): Promise<Update | null> {
    return this.manager.findOneBy(Update, { studyId, generation, round, attempt, siteId });
  }

  /** Ascending by site. */
  updates({ studyId, generation, round }: RoundKey, attempt: number): Promise<Update[]> {
    return this.manager.find(Update, {
      where: { studyId, generation, round, attempt },
      order: { siteId: 'ASC' },
    });
  }

  /** Every update that brought this blob. */
  updatesWithBlob(blobHash: BlobHash): Promise<Update[]> {
    return this.manager.findBy(Update, { blobHash });
  }

  async hasNonce(siteId: SiteId, nonce: string): Promise<boolean> {
    return this.manager.existsBy(Update, { siteId, nonce });
  }

  async markUpdate(id: string, state: UpdateState, stateReason: string | null): Promise<void> {
    await this.manager.update(Update, { id }, { state, stateReason });
  }

  /** Marks what an attempt that failed had accepted. */
  async voidUpdates({ studyId, generation, round }: RoundKey, attempt: number, reason: string): Promise<void> {
    const where = { studyId, generation, round, attempt, state: 'accepted' as const };
    await this.manager.update(Update, where, { state: 'void', stateReason: reason });
  }

  /** Keeps the first word of a site. */
  async addWithdrawal(withdrawal: Row<Withdrawal>): Promise<void> {
    await insertRowOnce(this.manager, Withdrawal, withdrawal);
  }

  /** A site's withdrawal from an attempt. */
  withdrawal({ studyId, generation, round }: RoundKey, attempt: number, siteId: SiteId): Promise<Withdrawal | null> {
    return this.manager.findOneBy(Withdrawal, { studyId, generation, round, attempt, siteId });
  }

  withdrawals(studyId: StudyId): Promise<Withdrawal[]> {
    return this.manager.find(Withdrawal, { where: { studyId }, order: { at: 'ASC', siteId: 'ASC' } });
  }
}

function toStored(row: Round): StoredRound;
function toStored(row: Round | null): StoredRound | null;
function toStored(row: Round | null): StoredRound | null {
  return row === null ? null : { ...(row as Row<Round>), state: roundStateFromJson(row.state) };
}

function toRow(stored: StoredRound): Row<Round> {
  const { phase, attempt } = stored.state;
  return { ...stored, state: roundStateToJson(stored.state), phase, attempt };
}
