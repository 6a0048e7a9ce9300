import { Transform, type TransformCallback } from 'node:stream';

/** Pieces that a slow line hands over, in bytes: small, so that a cut loses little that was already paid for. */
const PIECE = 4096;

/** Lets bytes through at a rate. */
export class Throttle extends Transform {
  private free = performance.now();

  /** @param bytesPerSecond of this direction of this connection */
  constructor(private readonly bytesPerSecond: number) {
    super({ highWaterMark: PIECE });
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    const next = (offset: number): void => {
      if (this.destroyed) return;
      if (offset >= chunk.length) {
        callback();
        return;
      }
      const piece = chunk.subarray(offset, offset + PIECE);
      this.push(piece);
      this.free = Math.max(performance.now(), this.free) + (piece.length / this.bytesPerSecond) * 1000;
      setTimeout(next, Math.max(0, this.free - performance.now()), offset + PIECE);
    };
    next(0);
  }
}
