import { type SiteId } from '@fedistl/core';
import { type SitePolicy, sitePolicySchema } from '@fedistl/protocol';
import { readJsonFile, writeJsonFile } from '../files/json-file';
import { NodeError } from '../node.errors';

/** What a new site allows: no study yet, and nothing that makes an update easy to look into. */
export function firstPolicy(siteId: SiteId): SitePolicy {
  return {
    type: 'site-policy',
    version: 1,
    siteId,
    allowedStudies: [],
    allowedPlanHashes: [],
    minimumPeers: 2,
    minimumSteps: 10,
    minimumBatchSize: 8,
    requireSecureAggregation: false,
    requireRecordPrivacy: null,
    hours: null,
    maximumUploadBytesPerRound: null,
    maximumUploadBytesPerSecond: null,
    gpuShare: 1,
  };
}

/** Writes the first policy where there is none; the hospital's own is never touched. */
export async function writeFirstPolicy(file: string, siteId: SiteId): Promise<void> {
  if ((await readJsonFile(sitePolicySchema, file, 'policy')) === null) await writeJsonFile(file, firstPolicy(siteId));
}

/**
 * The policy as the file has it now. Nothing that comes from outside writes this file.
 *
 * @throws NodeError `NODE.NO_POLICY`, `NODE.BAD_FILE`, `NODE.OTHER_SITE`
 */
export async function readPolicy(file: string, siteId: SiteId): Promise<SitePolicy> {
  const policy = await readJsonFile(sitePolicySchema, file, 'policy');
  if (policy === null) throw new NodeError('NODE.NO_POLICY', 'expected policy.json in the data directory, got none');
  if (policy.siteId === siteId) return policy;
  throw new NodeError('NODE.OTHER_SITE', `expected the policy of site ${siteId}, got one of ${policy.siteId}`);
}
