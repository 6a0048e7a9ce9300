import { fingerprintOf, formatNoteKey, type Identity, noteKeyOf, publicIdentityToJson } from '@fedistl/crypto';
import { type Answer } from '@fedistl/protocol';

/** This build's version, as sites and people see it. */
export const coordinatorVersion = '0.1.0';

/** What a site pins at enrolment. The ledger is signed by the coordinator's own key (docs/ledger.md). */
export function coordinatorCard(identity: Identity): Answer<'coordinatorCard'> {
  return {
    identity: publicIdentityToJson(identity.public),
    fingerprint: fingerprintOf(identity.public),
    ledgerKey: formatNoteKey(noteKeyOf(identity.public, 'log')),
    version: coordinatorVersion,
  };
}
