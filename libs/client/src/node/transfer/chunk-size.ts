export interface ChunkLimits {
  readonly least: number;
  readonly most: number;
  /** How long one acknowledged chunk should take, ms. */
  readonly targetMs: number;
}

/** What is lost when a connection breaks is at most one chunk: 150 ms of sending, so that a line that is cut every 2 s loses 4 %. */
export const defaultChunkLimits: ChunkLimits = { least: 32 * 1024, most: 8 * 2 ** 20, targetMs: 150 };

/**
 * Size of the next upload chunk: doubled while chunks come through faster than the target, halved when they take longer or
 * break. Where an answer alone takes long (a far coordinator), a chunk may take four times that, or waiting would be most of it.
 */
export class ChunkSize {
  #bytes: number;

  constructor(private readonly limits: ChunkLimits = defaultChunkLimits) {
    this.#bytes = limits.least * 2;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param ms that the chunk took; @param answerMs the fastest answer to a call without a body so far */
  acknowledged(bytes: number, ms: number, answerMs: number): void {
    const target = Math.max(this.limits.targetMs, 4 * answerMs);
    if (ms > target) this.#resize(0.5);
    else if (bytes >= this.#bytes && ms < target / 2) this.#resize(2);
  }

  broke(): void {
    this.#resize(0.5);
  }

  #resize(factor: number): void {
    this.#bytes = Math.min(this.limits.most, Math.max(this.limits.least, Math.floor(this.#bytes * factor)));
  }
}
