import { parseSiteId, type SiteId } from '@fedistl/core';
import { fingerprintOf, parsePublicIdentity, publicIdentityToJson } from '@fedistl/crypto';
import { type PinnedCoordinator } from '@fedistl/client';
import { publicIdentitySchema } from '@fedistl/protocol';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from '../files/json-file';
import { NodeError } from '../node.errors';

const pinFileSchema = z.strictObject({
  format: z.literal('fedistl-node-coordinator/1'),
  siteId: z.string().transform(parseSiteId),
  baseUrl: z.string(),
  identity: publicIdentitySchema,
  ledgerKey: z.string(),
});

/** Which site this node is, and the one coordinator that it listens to. */
export interface Enrolment {
  readonly siteId: SiteId;
  readonly baseUrl: string;
  readonly coordinator: PinnedCoordinator;
}

/** @throws NodeError `NODE.NOT_ENROLLED` */
export async function readEnrolment(file: string): Promise<Enrolment> {
  const pinned = await readJsonFile(pinFileSchema, file, 'coordinator');
  if (pinned === null) throw new NodeError('NODE.NOT_ENROLLED', 'expected an enrolled node: run the enrolment first');
  const identity = parsePublicIdentity(pinned.identity);
  const coordinator = { identity, fingerprint: fingerprintOf(identity), ledgerKey: pinned.ledgerKey };
  return { siteId: pinned.siteId, baseUrl: pinned.baseUrl, coordinator };
}

export async function writeEnrolment(file: string, { siteId, baseUrl, coordinator }: Enrolment): Promise<void> {
  const { identity, ledgerKey } = coordinator;
  await writeJsonFile(file, {
    format: 'fedistl-node-coordinator/1',
    siteId,
    baseUrl,
    identity: publicIdentityToJson(identity),
    ledgerKey,
  });
}
