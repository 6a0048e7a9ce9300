import {
  type RequestBody,
  siteAcknowledgements,
  siteServerEvents,
  socketNamespaces,
  type TrainingProgress,
} from '@fedistl/protocol';
import { type Socket } from 'socket.io-client';
import { openSocket, type SocketOptions } from './connection';

export interface SiteSocketOptions extends SocketOptions {
  /** There may be work: ask. */
  readonly onHint: () => void;
}

/**
 * A site's socket: hints come in, heartbeats and progress go out. Nothing depends on it; what is sent while the line is down
 * is dropped, because a late heartbeat says nothing.
 */
export class SiteSocket {
  readonly #socket: Socket;
  #closed = false;

  constructor(options: SiteSocketOptions) {
    this.#socket = openSocket(socketNamespaces.sites, options);
    for (const event of ['work', 'study'] as const) {
      this.#socket.on(event, (data: unknown) => {
        if (siteServerEvents[event].safeParse(data).success) options.onHint();
      });
    }
    this.#socket.on('connect', () => {
      options.onHint();
    });
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** @returns the seconds until the coordinator hopes to hear again, or null when it did not answer */
  async heartbeat(body: RequestBody<'heartbeat'>): Promise<number | null> {
    if (!this.#socket.connected) return null;
    try {
      const answer: unknown = await this.#socket.timeout(10_000).emitWithAck('heartbeat', body);
      return siteAcknowledgements.heartbeat.safeParse(answer).data?.intervalSeconds ?? null;
    } catch {
      return null; // No answer in time: the caller has REST.
    }
  }

  progress(progress: TrainingProgress): void {
    if (this.#socket.connected) this.#socket.volatile.emit('progress', progress);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.disconnect();
  }
}
