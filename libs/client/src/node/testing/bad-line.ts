import { once } from 'node:events';
import { type Socket } from 'node:net';
import { Throttle } from '../transfer/throttle';
import { resetSocket } from './reset-socket';

export interface LineOptions {
  /** In each direction, over all connections together. 4 Mbit/s are 500,000. Absent: no limit. */
  readonly bytesPerSecond?: number;
  /** A connection is reset when it is so old, ms. Absent: never. */
  readonly cutAfterMs?: number;
  /** Keep a copy of everything that goes from client to server. */
  readonly record?: boolean;
}

/** A connection's bytes from client to server, in order. */
export interface Recording {
  readonly chunks: Buffer[];
}

/** Joins connections in pairs as a bad line would: at a rate, with resets, and counted. It knows nothing of what flows. */
export class BadLine {
  /** Bytes so far: `up` came from clients, `arrived` of them went on to the server, `down` came back. */
  readonly bytes = { up: 0, arrived: 0, down: 0 };
  readonly recordings: Recording[] = [];
  /** Pairs that were joined. */
  joined = 0;
  /** Pairs that were reset. */
  cuts = 0;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly #up: Throttle;
  readonly #down: Throttle;

  constructor(private readonly options: LineOptions) {
    this.#up = new Throttle(options.bytesPerSecond ?? null);
    this.#down = new Throttle(options.bytesPerSecond ?? null);
  }

  /** Passes on what comes from either to the other, until one ends. */
  join(client: Socket, server: Socket): void {
    this.joined++;
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    const { cutAfterMs } = this.options;
    const timer =
      cutAfterMs === undefined
        ? undefined
        : setTimeout(() => {
            this.#cut(pair);
          }, cutAfterMs);
    const recording: Recording = { chunks: [] };
    if (this.options.record === true) this.recordings.push(recording);
    for (const end of pair) {
      end.setNoDelay(true);
      // A reset on one side is the other side's end; nothing to report.
      end.on('error', () => undefined);
      end.on('close', () => {
        this.#pairs.delete(pair);
        clearTimeout(timer);
        for (const other of pair) other.destroy();
      });
    }
    const onSent = (bytes: Buffer): void => {
      this.bytes.up += bytes.length;
      // A copy: the socket may use its buffer again.
      if (this.options.record === true) recording.chunks.push(Buffer.from(bytes));
    };
    void pump(client, server, this.#up, onSent, (count) => (this.bytes.arrived += count));
    void pump(server, client, this.#down, (bytes) => (this.bytes.down += bytes.length));
  }

  /** Resets every pair, as a failing line does. */
  cutAll(): void {
    for (const pair of this.#pairs) this.#cut(pair);
  }

  #cut(pair: readonly [Socket, Socket]): void {
    this.cuts++;
    this.#pairs.delete(pair);
    for (const end of pair) resetSocket(end);
  }
}

const PIECE = 8 * 1024;

/** Moves bytes one piece at a time, each when the rate allows it and the other side has taken the one before. */
async function pump(
  from: Socket,
  to: Socket,
  throttle: Throttle,
  onRead: (bytes: Buffer) => void,
  onWritten: (count: number) => void = () => undefined,
): Promise<void> {
  try {
    for await (const bytes of from as AsyncIterable<Buffer>) {
      onRead(bytes);
      for (let at = 0; at < bytes.length; at += PIECE) {
        const piece = bytes.subarray(at, at + PIECE);
        await throttle.take(piece.length);
        if (to.destroyed) return;
        if (!to.write(piece)) await once(to, 'drain');
        onWritten(piece.length);
      }
    }
    to.end();
  } catch {
    // One of the two connections broke, which is what this line is for.
    from.destroy();
    to.destroy();
  }
}
