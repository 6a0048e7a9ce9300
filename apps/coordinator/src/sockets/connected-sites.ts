import { type SiteId } from '@fedistl/core';
import { Injectable } from '@nestjs/common';

/** Which sites have a socket at this process. For a lamp on a page, and nothing else. */
@Injectable()
export class ConnectedSites {
  private readonly sockets = new Map<SiteId, number>();

  /** @returns whether it is the site's first socket */
  add(siteId: SiteId): boolean {
    const count = (this.sockets.get(siteId) ?? 0) + 1;
    this.sockets.set(siteId, count);
    return count === 1;
  }

  /** @returns whether it was the site's last socket */
  remove(siteId: SiteId): boolean {
    const count = (this.sockets.get(siteId) ?? 0) - 1;
    if (count > 0) {
      this.sockets.set(siteId, count);
      return false;
    }
    return this.sockets.delete(siteId);
  }

  has(siteId: SiteId): boolean {
    return this.sockets.has(siteId);
  }

  get size(): number {
    return this.sockets.size;
  }
}
