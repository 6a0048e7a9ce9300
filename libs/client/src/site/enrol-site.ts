import { type SiteId } from '@fedistl/core';
import {
  fingerprintOf,
  parsePublicIdentity,
  type PublicIdentity,
  publicIdentityToJson,
  randomBytes,
  samePublicIdentity,
  type Signer,
  toHex,
} from '@fedistl/crypto';
import {
  type CoordinatorCard,
  enrolmentCodeHash,
  type ParsedAnswer,
  signMessage,
  type SiteState,
} from '@fedistl/protocol';
import { ClientError } from '../client.errors';
import { EndpointCaller } from '../rest/endpoint-caller';
import { RestClient, type RestClientOptions } from '../rest/rest-client';

/** A coordinator as a site pins it. */
export interface PinnedCoordinator {
  readonly identity: PublicIdentity;
  /** Made here from the keys, not taken from the answer. */
  readonly fingerprint: string;
  /** Verifier key of its ledger. */
  readonly ledgerKey: string;
}

/**
 * Who answers at an address. The fingerprint is for a person to compare by another way than this connection, before the
 * keys are pinned.
 */
export async function askCoordinator(options: RestClientOptions): Promise<PinnedCoordinator> {
  return pinnedFrom(await new EndpointCaller(new RestClient(options)).call('coordinatorCard'));
}

export interface EnrolSiteOptions extends RestClientOptions {
  readonly siteId: SiteId;
  readonly code: string;
  readonly signer: Signer;
  /** The coordinator that a person has confirmed; another one that answers is refused. */
  readonly coordinator: PinnedCoordinator;
}

/**
 * Enrols a site: hands over its public keys with proof that it holds the secret ones. Repeated with the same code and key it
 * gets the same answer.
 *
 * @returns the site's state: `pending` until an administrator has compared the fingerprint
 * @throws RefusedError; ClientError `CLIENT.OTHER_COORDINATOR`; ProtocolError `ENROLMENT.BAD_CODE`
 */
export async function enrolSite(options: EnrolSiteOptions): Promise<SiteState> {
  const { siteId, code, signer, coordinator, ...rest } = options;
  const envelope = signMessage(
    {
      type: 'site-enrolment',
      version: 1,
      siteId,
      identity: publicIdentityToJson(signer.public),
      codeHash: enrolmentCodeHash(code),
      nonce: toHex(randomBytes(16)),
      createdAt: new Date().toISOString(),
    },
    signer,
  );
  const api = new EndpointCaller(new RestClient(rest));
  const answer: ParsedAnswer<'enrol'> = await api.call('enrol', { body: { code, envelope }, repeatable: true });
  const answered = pinnedFrom(answer.coordinator);
  if (!samePublicIdentity(answered.identity, coordinator.identity)) {
    throw new ClientError(
      'CLIENT.OTHER_COORDINATOR',
      `expected the coordinator with fingerprint ${coordinator.fingerprint}, got ${answered.fingerprint}`,
    );
  }
  return answer.state;
}

function pinnedFrom({ identity, fingerprint, ledgerKey }: CoordinatorCard): PinnedCoordinator {
  const parsed = parsePublicIdentity(identity);
  const own = fingerprintOf(parsed);
  if (own !== fingerprint) {
    throw new ClientError(
      'CLIENT.UNEXPECTED_ANSWER',
      `expected fingerprint ${own}, as the keys have it, got ${fingerprint}`,
    );
  }
  return { identity: parsed, fingerprint: own, ledgerKey };
}
