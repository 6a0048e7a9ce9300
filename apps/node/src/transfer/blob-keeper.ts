import { nextEvaluationStep } from '../evaluations/evaluation-position';
import { type EvaluationStore } from '../evaluations/evaluation-store';
import { isOver } from '../rounds/round-position';
import { type RoundStore } from '../rounds/round-store';
import { type BlobCache } from './blob-cache';

/** Removes weights that nothing at hand needs: those of open rounds and evaluations stay, and of the newest ones, which the next may share. */
export class BlobKeeper {
  constructor(
    private readonly blobs: BlobCache,
    private readonly rounds: RoundStore,
    private readonly evaluations: EvaluationStore,
  ) {}

  async tidy(): Promise<void> {
    const needed = new Set<string>();
    for (const [index, { manifest, stage }] of (await this.rounds.list()).entries()) {
      if (index >= NEWEST && isOver(stage)) continue;
      for (const hash of [manifest.studentHash, manifest.teacherHash, manifest.centreHash])
        if (hash !== null) needed.add(hash);
    }
    for (const [index, position] of (await this.evaluations.list()).entries()) {
      if (index >= NEWEST && nextEvaluationStep(position) === null) continue;
      for (const hash of [position.order.candidateHash, position.order.referenceHash])
        if (hash !== null) needed.add(hash);
    }
    await this.blobs.keepOnly(needed);
  }
}

/** Positions whose weights stay although they are over. */
const NEWEST = 2;
