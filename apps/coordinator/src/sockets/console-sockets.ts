import { parseWith, socketAuthSchema } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { type Namespace, type Socket } from 'socket.io';
import { AccessError } from '../access/access.errors';
import { type Authenticator } from '../access/authenticator';
import { type CoordinatorEvent } from '../events/coordinator-event';

interface ConsoleData {
  token: string;
  tokenId: string;
}

/** The namespace of people: whatever changes, for a page to ask again. */
@Injectable()
export class ConsoleSockets {
  /** @throws AccessError when the handshake's token is not that of a person */
  async admit(socket: Socket, authenticator: Authenticator): Promise<void> {
    const { token } = parseWith(socketAuthSchema, socket.handshake.auth, 'handshake');
    const principal = await authenticator.authenticate(token);
    if (principal.kind !== 'person') throw new AccessError('ACCESS.FORBIDDEN', 'expected the token of a person');
    Object.assign(socket.data as ConsoleData, { token, tokenId: principal.id } satisfies ConsoleData);
  }

  tell(namespace: Namespace, event: CoordinatorEvent): void {
    if (event.type === 'token-revoked') this.close(namespace, ({ tokenId }) => tokenId === event.tokenId);
    const shown = consoleEventOf(event);
    if (shown !== undefined) namespace.emit('event', { ...shown, at: new Date().toISOString() });
  }

  /** Closes the sockets whose tokens ended. */
  async check(namespace: Namespace, authenticator: Authenticator): Promise<void> {
    for (const socket of namespace.sockets.values()) {
      const { token } = socket.data as ConsoleData;
      try {
        await authenticator.authenticate(token);
      } catch (error) {
        if (!(error instanceof AccessError)) throw error;
        this.close(namespace, (data) => data.token === token);
      }
    }
  }

  private close(namespace: Namespace, which: (data: ConsoleData) => boolean): void {
    for (const socket of namespace.sockets.values()) {
      if (!which(socket.data as ConsoleData)) continue;
      socket.emit('closed', { code: 'ACCESS.BAD_TOKEN' });
      socket.disconnect(true);
    }
  }
}

/** What people are told of an event; hints to single sites are not among it. */
function consoleEventOf(event: CoordinatorEvent): Record<string, unknown> | undefined {
  switch (event.type) {
    case 'work':
      return undefined;
    case 'progress':
      return { type: 'progress', siteId: event.siteId, ...event.progress };
    case 'site-revoked':
      return { type: 'site', siteId: event.siteId };
    case 'token-revoked':
      return { type: 'token', tokenId: event.tokenId };
    default:
      return { ...event };
  }
}
