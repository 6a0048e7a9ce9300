import { type Site } from '@fedistl/persistence';
import { type Answer, siteActivitySchema, siteCapabilitiesSchema } from '@fedistl/protocol';

/** A site as people see it. What the node said of itself is left out when this version does not understand it. */
export function siteView(site: Site, connected: boolean): Answer<'showSite'> {
  return {
    siteId: site.siteId,
    displayName: site.displayName,
    state: site.state,
    identity: site.identity,
    fingerprint: site.fingerprint,
    enrolledAt: site.enrolledAt.toISOString(),
    approvedAt: site.approvedAt?.toISOString() ?? null,
    revokedAt: site.revokedAt?.toISOString() ?? null,
    lastSeenAt: site.lastSeenAt?.toISOString() ?? null,
    connected,
    activity: siteActivitySchema.safeParse(site.activity).data ?? null,
    capabilities: siteCapabilitiesSchema.safeParse(site.capabilities).data ?? null,
  };
}
