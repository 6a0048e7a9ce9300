import { randomBytes } from 'node:crypto';
import { type BlobHash, type StudyId } from '@fedistl/core';
import { Identity } from '@fedistl/crypto';
import { type PersonRole } from '@fedistl/persistence';
import { type Approval, signMessage } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { envelopeHash } from './envelope-hash';
import { type Actor, type Unit } from './unit-of-work';

export interface Decision {
  readonly studyId: StudyId | null;
  readonly subject: Approval['subject'];
  readonly decision: Approval['decision'];
  readonly by: Actor;
  readonly reason: string;
}

const deciderRoles: Readonly<Record<PersonRole, Approval['by']['role']>> = {
  administrator: 'coordinator-admin',
  'study-lead': 'investigator',
  reviewer: 'reviewer',
  viewer: 'reviewer',
};

/** People decide with a token; the coordinator, which checked it, signs what they decided. */
@Injectable()
export class Approvals {
  constructor(private readonly identity: Identity) {}

  /** Signs, keeps and records a person's decision. @returns the hash by which ledger entries name it */
  async record(unit: Unit, { studyId, subject, decision, by, reason }: Decision): Promise<BlobHash> {
    const approval: Approval = {
      type: 'approval',
      version: 1,
      studyId,
      subject,
      decision,
      by: { role: deciderRoles[by.role], name: by.name, keyFingerprint: this.identity.keyId },
      reason,
      nonce: randomBytes(16).toString('hex'),
      createdAt: unit.now.toISOString(),
    };
    const envelope = signMessage(approval, this.identity);
    const hash = envelopeHash(envelope);
    await unit.repositories.records.add({
      envelopeHash: hash,
      type: 'approval',
      studyId,
      envelope,
      createdAt: unit.now,
    });
    unit.record({ type: 'approval-recorded', studyId, envelopeHash: hash });
    return hash;
  }
}
