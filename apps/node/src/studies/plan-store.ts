import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type PlanHash } from '@fedistl/core';
import { type Envelope, type PublicIdentity } from '@fedistl/crypto';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import { envelopeSchema, openMessage, planHash, type StudyPlan } from '@fedistl/protocol';
import { readJsonFile, writeJsonFile } from '../files/json-file';

/** Plans that the pinned coordinator signed, by their hash. */
export class PlanStore {
  constructor(
    private readonly directory: string,
    private readonly coordinator: PublicIdentity,
  ) {}

  /** Verifies a plan and keeps it. @throws ProtocolError `PROTOCOL.BAD_SIGNATURE` and as `openMessage` */
  async add(envelope: Envelope): Promise<{ plan: StudyPlan; hash: PlanHash }> {
    const plan = this.#open(envelope);
    const hash = planHash(plan);
    if ((await this.find(hash)) === null) {
      await mkdir(this.directory, { recursive: true });
      await writeJsonFile(this.#file(hash), envelope);
    }
    return { plan, hash };
  }

  /** Null for a plan that never came. Its signature is checked again: the file is only a file. */
  async find(hash: PlanHash): Promise<StudyPlan | null> {
    const envelope = await readJsonFile(envelopeSchema, this.#file(hash), 'plan');
    if (envelope === null) return null;
    const plan = this.#open(envelope);
    return planHash(plan) === hash ? plan : null;
  }

  #open(envelope: Envelope): StudyPlan {
    return openMessage('study-plan', envelope, { keys: [this.coordinator], verify: verifyEd25519Native });
  }

  #file(hash: PlanHash): string {
    return path.join(this.directory, `${hash}.json`);
  }
}
