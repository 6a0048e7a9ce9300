import { type SiteId } from '@fedistl/core';
import { Injectable } from '@nestjs/common';
import { type Unit } from '../audit/unit-of-work';
import { SiteDepartures } from '../proposals/engine-ports';

/** Leaves a job behind that takes the site's updates out of every open round: each round has a lock of its own. */
@Injectable()
export class RevokedSites extends SiteDepartures {
  override siteRevoked(unit: Unit, siteId: SiteId): Promise<void> {
    unit.enqueue({ type: 'revoke-site', key: `revoke-site/${siteId}`, payload: { siteId } });
    return Promise.resolve();
  }
}
