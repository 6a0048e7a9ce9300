import { mkdir } from 'node:fs/promises';
import { askCoordinator, enrolSite, parseBaseUrl, type PinnedCoordinator } from '@fedistl/client';
import { openRoute, type Route } from '@fedistl/client/node';
import { type SiteId } from '@fedistl/core';
import { fingerprintOf, matchesFingerprint } from '@fedistl/crypto';
import { type SiteState } from '@fedistl/protocol';
import { type NodeConfig } from '../config/node-config';
import { dataPaths } from '../config/data-paths';
import { EgressLedger } from '../egress/egress-ledger';
import { makeSiteIdentity } from '../identity/site-identity';
import { NodeError } from '../node.errors';
import { writeFirstPolicy } from '../policy/policy-file';
import { writeEnrolment } from './pinned-coordinator';

export interface EnrolNodeOptions {
  readonly config: NodeConfig;
  readonly siteId: SiteId;
  readonly baseUrl: string;
  readonly code: string;
  /**
   * Whether the fingerprint is the one that the coordinator's people gave by another way: a person's answer, or a
   * comparison with what was typed.
   */
  readonly confirm: (coordinator: PinnedCoordinator) => Promise<boolean>;
}

export interface EnrolledNode {
  readonly state: SiteState;
  /** For the coordinator's administrator to compare. */
  readonly siteFingerprint: string;
  readonly coordinatorFingerprint: string;
}

/**
 * Makes the site's keys, pins the coordinator's, and enrols. May be repeated: keys stay, and the coordinator answers the same.
 *
 * @throws NodeError `NODE.NOT_CONFIRMED`, `NODE.OTHER_SITE`; ClientError; RefusedError; as `openRoute`
 */
export async function enrolNode(options: EnrolNodeOptions): Promise<EnrolledNode> {
  const route = await openRoute(options.config, options.config.conventions);
  try {
    return await enrol(options, route);
  } finally {
    route.close();
  }
}

async function enrol(options: EnrolNodeOptions, { fetch }: Route): Promise<EnrolledNode> {
  const { config, siteId, code, confirm } = options;
  const rest = { baseUrl: options.baseUrl, allowPlainHttp: config.allowPlainHttp, fetch };
  const baseUrl = parseBaseUrl(options.baseUrl, rest);
  const coordinator = await askCoordinator(rest);
  if (!(await confirm(coordinator))) {
    throw new NodeError(
      'NODE.NOT_CONFIRMED',
      `expected the coordinator whose fingerprint you were told, got one with ${coordinator.fingerprint}: do not go on`,
    );
  }
  const paths = dataPaths(config.directory);
  await mkdir(paths.directory, { recursive: true, mode: 0o700 });
  const identity = await makeSiteIdentity(paths, siteId, config.unlockSecretFile);
  const egress = await EgressLedger.open(paths.egress);
  await egress.record({
    class: 'enrolment',
    bytes: 0,
    hash: null,
    purpose: 'site name and public keys, to be admitted',
  });
  const state = await enrolSite({ ...rest, siteId, code, signer: identity, coordinator });
  await writeFirstPolicy(paths.policy, siteId);
  await writeEnrolment(paths.coordinator, { siteId, baseUrl, coordinator });
  return {
    state,
    siteFingerprint: fingerprintOf(identity.public),
    coordinatorFingerprint: coordinator.fingerprint,
  };
}

/** Confirms by a fingerprint that a person typed. */
export function confirmFingerprint(typed: string): EnrolNodeOptions['confirm'] {
  return ({ identity }) => Promise.resolve(matchesFingerprint(typed, identity));
}
