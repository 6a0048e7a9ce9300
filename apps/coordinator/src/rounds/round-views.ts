import { type StudyId } from '@fedistl/core';
import { Database } from '@fedistl/persistence';
import { type ParsedAnswer } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { knownStudy } from '../studies/lock-study';
import { roundView } from './round-view';

/** Rounds of a study for people. */
@Injectable()
export class RoundViews {
  constructor(private readonly database: Database) {}

  /** In order of generation and round. @throws StudyError `STUDY.UNKNOWN` */
  async ofStudy(studyId: StudyId): Promise<ParsedAnswer<'studyRounds'>> {
    const { studies, rounds, models, blobs } = this.database.repositories;
    knownStudy(await studies.find(studyId), studyId);
    const [attempts, withdrawals, made, held] = await Promise.all([
      rounds.attempts(studyId),
      rounds.withdrawals(studyId),
      models.list(studyId),
      blobs.ofStudy(studyId),
    ]);
    const lengths = new Map(held.map((blob) => [blob.blobHash as string, blob]));
    const views = (await rounds.list(studyId)).map(async (round) => {
      const { key, attempt } = round.state;
      const same = (one: { generation: number; round: number }): boolean =>
        one.generation === key.generation && one.round === key.round;
      return roundView(round, {
        attempts: attempts.filter(same),
        updates: (await rounds.updates(key, attempt)).filter(({ state }) => state !== 'void' && state !== 'refused'),
        withdrawals: withdrawals.filter((one) => same(one) && one.attempt === attempt),
        blobs: lengths,
        averageHash: made.find((model) => same(model) && model.kind === 'average')?.modelHash ?? null,
      });
    });
    return { rounds: await Promise.all(views) };
  }
}
