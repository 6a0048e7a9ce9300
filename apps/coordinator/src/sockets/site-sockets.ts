import { type SiteId } from '@fedistl/core';
import { Database } from '@fedistl/persistence';
import {
  parseWith,
  type RequestBody,
  siteClientEvents,
  socketAuthSchema,
  type TrainingProgress,
} from '@fedistl/protocol';
import { Injectable, Logger } from '@nestjs/common';
import { type Namespace, type Socket } from 'socket.io';
import { AccessError } from '../access/access.errors';
import { type Authenticator } from '../access/authenticator';
import { type CoordinatorEvent } from '../events/coordinator-event';
import { Events } from '../events/events';
import { errorAnswer } from '../http/error-answer';
import { RateLimiter } from '../http/rate-limiter';
import { SitesService } from '../sites/sites.service';
import { ConnectedSites } from './connected-sites';

/** Messages of one site in a minute; what is above is dropped. */
const messagesPerMinute = 300;

const siteOf = (socket: Socket): SiteId => (socket.data as { siteId: SiteId }).siteId;
const roomOf = (siteId: SiteId): string => `site ${siteId}`;

/** The namespace of sites. */
@Injectable()
export class SiteSockets {
  private readonly logger = new Logger(SiteSockets.name);
  private readonly rates = new RateLimiter(messagesPerMinute);

  constructor(
    private readonly database: Database,
    private readonly sites: SitesService,
    private readonly connectedSites: ConnectedSites,
    private readonly events: Events,
  ) {}

  /** @throws AccessError when the handshake's token is not that of a site in force */
  async admit(socket: Socket, authenticator: Authenticator): Promise<void> {
    const { token } = parseWith(socketAuthSchema, socket.handshake.auth, 'handshake');
    const principal = await authenticator.authenticate(token);
    if (principal.kind !== 'site') throw new AccessError('ACCESS.FORBIDDEN', 'expected the token of a site');
    (socket.data as { siteId: SiteId }).siteId = principal.siteId;
  }

  connected(socket: Socket): void {
    const siteId = siteOf(socket);
    void socket.join(roomOf(siteId));
    if (this.connectedSites.add(siteId)) this.events.publish({ type: 'site', siteId });
    socket.once('disconnect', () => {
      if (this.connectedSites.remove(siteId)) this.events.publish({ type: 'site', siteId });
    });
    socket.on('heartbeat', (body: unknown, acknowledge: unknown) => {
      void this.heartbeat(siteId, body).then((answer) => {
        if (typeof acknowledge === 'function') (acknowledge as (answer: unknown) => void)(answer);
      });
    });
    socket.on('progress', (body: unknown) => {
      this.progress(siteId, body);
    });
  }

  /** The answer, or an error body. */
  private async heartbeat(siteId: SiteId, body: unknown): Promise<unknown> {
    try {
      this.rates.take(siteId);
      const parsed = parseWith(siteClientEvents.heartbeat, body, 'heartbeat');
      return await this.sites.heartbeat(siteId, parsed satisfies RequestBody<'heartbeat'>);
    } catch (error) {
      const answer = errorAnswer(error, 'socket');
      if (answer.internal) this.logger.error(error instanceof Error ? error.stack : String(error));
      return answer.body;
    }
  }

  /** Progress is shown and forgotten; what cannot be read is dropped. */
  private progress(siteId: SiteId, body: unknown): void {
    const { data } = siteClientEvents.progress.safeParse(body);
    if (data === undefined) return;
    try {
      this.rates.take(siteId);
    } catch {
      return; // Too many: the next one will do.
    }
    this.events.publish({ type: 'progress', siteId, progress: data satisfies TrainingProgress });
  }

  tell(namespace: Namespace, event: CoordinatorEvent): void {
    switch (event.type) {
      case 'work':
        for (const siteId of event.siteIds) namespace.to(roomOf(siteId)).emit('work', { studyId: event.studyId });
        break;
      case 'study':
        namespace.emit('study', { studyId: event.studyId });
        break;
      case 'site-revoked':
        this.close(namespace, event.siteId);
        break;
      default:
        break;
    }
  }

  /** Closes the sockets of sites that another process revoked. */
  async check(namespace: Namespace): Promise<void> {
    for (const siteId of new Set([...namespace.sockets.values()].map(siteOf))) {
      const site = await this.database.repositories.sites.find(siteId);
      if (site === null || site.state === 'revoked') this.close(namespace, siteId);
    }
  }

  private close(namespace: Namespace, siteId: SiteId): void {
    const room = namespace.in(roomOf(siteId));
    room.emit('closed', { code: 'SITE.REVOKED' });
    room.disconnectSockets(true);
  }
}
