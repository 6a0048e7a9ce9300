/** What is computed while every chosen update streams past once. */
export type PassOperation =
  /** Hashes and norms only. */
  | { readonly kind: 'inspect' }
  | { readonly kind: 'distances' }
  | { readonly kind: 'weighted-mean'; readonly weights: readonly number[] }
  | { readonly kind: 'trimmed-mean'; readonly trim: number }
  | { readonly kind: 'mean-around-median'; readonly keep: number };

export interface PassSite {
  /** Position among the runner's updates. */
  readonly source: number;
  /** Factor on the update's values (norm clipping); 1 leaves them as they are. */
  readonly scale: number;
}

/** One reading of some of the updates, front to back, in step. */
export interface Pass {
  /** Ascending by site. */
  readonly sites: readonly PassSite[];
  readonly operation: PassOperation;
}

/** What a pass saw of one update: SHA-256 over every byte of its blob, and the squared norm of its values, unscaled. */
export interface SiteReading {
  readonly digest: Uint8Array;
  readonly squaredNorm: number;
}

export interface PassResult {
  /** In the order of the pass's sites. */
  readonly readings: readonly SiteReading[];
  /** Row-major n by n for 'distances', else null. */
  readonly squaredDistances: Float64Array | null;
  /** The aggregated update where the operation makes one, else null. Valid until the next pass. */
  readonly output: Float32Array | null;
}

/** Runs passes over a fixed list of updates: in this thread over any source, or in worker threads over files. */
export interface PassRunner {
  run(pass: Pass): Promise<PassResult>;
}
