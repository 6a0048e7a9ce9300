import { type ConsoleEvent, consoleEventSchema, socketNamespaces } from '@fedistl/protocol';
import { openSocket, type SocketOptions } from './connection';

export interface ConsoleSocketOptions extends SocketOptions {
  readonly onEvent: (event: ConsoleEvent) => void;
}

/** A person's socket: what changed, as hints to ask again. @returns closes it */
export function openConsoleSocket(options: ConsoleSocketOptions): () => void {
  const socket = openSocket(socketNamespaces.console, options);
  socket.on('event', (data: unknown) => {
    const { success, data: event } = consoleEventSchema.safeParse(data);
    if (success) options.onEvent(event);
  });
  return () => {
    socket.disconnect();
  };
}
