import { type Server as HttpServer } from 'node:http';
import { DomainError } from '@fedistl/core';
import { socketNamespaces } from '@fedistl/protocol';
import { Injectable, Logger } from '@nestjs/common';
import { Server, type Namespace, type Socket } from 'socket.io';
import { Authenticator } from '../access/authenticator';
import { type CoordinatorEvent } from '../events/coordinator-event';
import { Events } from '../events/events';
import { ConsoleSockets } from './console-sockets';
import { SiteSockets } from './site-sockets';

/** Tokens and sites of open sockets are looked up again at this interval, for what another process or the clock changed. */
const checkIntervalMs = 60_000;

/**
 * The socket.io server. It carries hints, heartbeats and progress; everything it does can be done without it.
 *
 * A ping every 25 s keeps proxies and firewalls from cutting an idle line during hours of local training; an answer may
 * take two minutes, as a machine under full load needs.
 */
@Injectable()
export class SocketServer {
  private readonly logger = new Logger(SocketServer.name);
  private server: Server | undefined;
  private unsubscribe: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly sites: SiteSockets,
    private readonly console: ConsoleSockets,
    private readonly events: Events,
  ) {}

  attach(http: HttpServer): void {
    this.server = new Server(http, {
      serveClient: false,
      pingInterval: 25_000,
      pingTimeout: 120_000,
      maxHttpBufferSize: 65_536,
    });
    const sites = this.server.of(socketNamespaces.sites);
    const people = this.server.of(socketNamespaces.console);
    this.guard(sites, (socket) => this.sites.admit(socket, this.authenticator));
    this.guard(people, (socket) => this.console.admit(socket, this.authenticator));
    sites.on('connection', (socket) => {
      this.sites.connected(socket);
    });
    this.unsubscribe = this.events.subscribe((event) => {
      this.relay(event, sites, people);
    });
    this.timer = setInterval(() => {
      this.check(sites, people).catch((error: unknown) => {
        this.logger.warn(`sockets were not checked: ${String(error)}`);
      });
    }, checkIntervalMs);
    this.timer.unref();
  }

  /** Refuses a handshake with the error's code as message; the reason stays in the log. */
  private guard(namespace: Namespace, admit: (socket: Socket) => Promise<void>): void {
    namespace.use((socket, next) => {
      admit(socket).then(
        () => {
          next();
        },
        (error: unknown) => {
          const code = error instanceof DomainError ? error.code : 'INTERNAL.ERROR';
          if (!(error instanceof DomainError)) this.logger.error(error instanceof Error ? error.stack : String(error));
          next(new Error(code));
        },
      );
    });
  }

  private relay(event: CoordinatorEvent, sites: Namespace, people: Namespace): void {
    this.sites.tell(sites, event);
    this.console.tell(people, event);
  }

  private async check(sites: Namespace, people: Namespace): Promise<void> {
    await Promise.all([this.sites.check(sites), this.console.check(people, this.authenticator)]);
  }

  /** Lets every socket go: the HTTP server cannot close before, and each client comes back by itself. */
  close(): void {
    this.unsubscribe?.();
    clearInterval(this.timer);
    for (const name of Object.values(socketNamespaces)) {
      this.server?.of(name).emit('closed', { code: 'HTTP.STOPPING' });
    }
    this.server?.disconnectSockets(true);
    this.server?.engine.close();
  }
}
