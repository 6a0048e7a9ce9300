import { type ProposedAction } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { type Unit } from '../audit/unit-of-work';
import { SiteRevocation } from '../sites/site-revocation';
import { ModelGovernance, SiteDepartures } from './engine-ports';
import { type ActionDecision, ProposedActions } from './proposed-actions';

@Injectable()
export class CoordinatorActions extends ProposedActions {
  constructor(
    private readonly sites: SiteRevocation,
    private readonly models: ModelGovernance,
    private readonly departures: SiteDepartures,
  ) {
    super();
  }

  async check(unit: Unit, action: ProposedAction): Promise<void> {
    if (action.action === 'revoke-site') await this.sites.require(unit, action.siteId);
    else await this.models.check(unit, action.action, action);
  }

  async carryOut(unit: Unit, action: ProposedAction, { decidedBy: by, reason }: ActionDecision): Promise<void> {
    switch (action.action) {
      case 'promote':
        return this.models.promote(unit, action, { by, reason });
      case 'rollback':
        return this.models.rollback(unit, action, { by, reason });
      case 'revoke-site':
        await this.sites.revoke(unit, action, { by, reason });
        return this.departures.siteRevoked(unit, action.siteId);
    }
  }
}
