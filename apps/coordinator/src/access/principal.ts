import { type SiteId } from '@fedistl/core';
import { type Person, type SiteState } from '@fedistl/protocol';

/** A site that is logged in. `state` is as of this request. */
export interface SitePrincipal {
  readonly kind: 'site';
  readonly siteId: SiteId;
  readonly state: SiteState;
}

export interface PersonPrincipal extends Person {
  readonly kind: 'person';
}

/** Who makes a request. */
export type Principal = SitePrincipal | PersonPrincipal;
