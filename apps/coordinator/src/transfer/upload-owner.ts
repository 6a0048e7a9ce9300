import { type Principal } from '../access/principal';

/** Where the coordinator keeps an upload's owner, beside what the client sent. */
export const ownerMetadata = 'owner';

/** Who may go on with an upload. A person may have changed tokens in between. */
export function ownerOf(principal: Principal): string {
  return principal.kind === 'site' ? `site ${principal.siteId}` : `person ${principal.name}`;
}

export function siteOfOwner(owner: string | null | undefined): string | undefined {
  return owner?.startsWith('site ') === true ? owner.slice('site '.length) : undefined;
}
